/**
 * Governors on a real cpufreq policy and a real thermal zone: in a guest with Debian's kernel 6.12. Run by
 * `npm run test:guest`; elsewhere it skips.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { observe } from '../src/cpufreq/files-behaviour.fixture.ts'
import { SysfsTree } from '../src/cpufreq/sysfs-tree.fixture.ts'
import { guestKernel, runInGuest } from '../tools/kernels/guest-kernel.fixture.ts'
import { root } from './command.fixture.ts'
import { processorTable, TEMPERATURE_PORT } from './guest-processors.fixture.ts'
import { describeUnless } from './needs.fixture.ts'

const { kernel, missing } = guestKernel('6.12')

/** For the guest; .ci/run gives the whole test five minutes. */
const SECONDS = 255

const BEHAVIOUR = `
import { writeFileSync } from 'node:fs'
const { FolderFiles } = await import('${root}/dist/src/cpufreq/files.js')
const { observe } = await import('${root}/dist/src/cpufreq/files-behaviour.fixture.js')
const turn = (on) => () => writeFileSync('/sys/devices/system/cpu/cpu1/online', on)
const settle = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
const surroundings = { switchOff: turn('0'), switchOn: turn('1'), settle }
console.log(JSON.stringify(observe(new FolderFiles(), 'policy1', surroundings)))
`

/**
 * What the guest does, a line of the output for each answer. Processor 0 is burnt, processor 1 runs the rest; programs
 * start on both, which is faster.
 * `reach NAME FREQUENCY` waits until processor 0 has that frequency, by the kernel's own file.
 */
const SCRIPT = `
policy=/sys/devices/system/cpu/cpufreq/policy0
taskset -p 2 $$ >/dev/null
say() { name=$1; shift; echo "$name=$*"; }
heat() { printf "\\\\$(printf %o $1)" | dd of=/dev/port bs=1 seek=${TEMPERATURE_PORT} conv=notrunc 2>/dev/null; }
reach() {
  for i in $(seq 150); do
    frequency=$(cat $policy/scaling_cur_freq)
    [ "$frequency" = "$2" ] && break
    sleep 0.2
  done
  say "$1" "$frequency"
}
burn() { taskset 1 sh -c 'while :; do :; done' & burner=$!; }
govern() {
  : >/tmp/log
  taskset 3 bin/moonring govern "$@" --period 200 --json >/tmp/figures 2>/tmp/log & governor=$!
  started governing $governor
}
serve() {
  : >/tmp/log
  taskset 3 bin/moonring serve 2>/tmp/log & server=$!
  started 'serving states' $server
}
started() {
  for i in $(seq 300); do grep -q "$1" /tmp/log && break; sleep 0.2; done
  taskset -ap 2 $2 >/dev/null
}
moonring() { taskset 3 bin/moonring "$@"; }
heat 40
say temperature $(cat /sys/class/thermal/thermal_zone0/temp)
say behaviour "$(node --input-type=module -e "$BEHAVIOUR")"
say found $(cat $policy/scaling_governor)
echo 2400000 >$policy/scaling_max_freq
govern examples/throttle.lua
say taken $(cat $policy/scaling_governor)
burn
reach busy 2400000
echo 3000000 >$policy/scaling_max_freq
reach raised 3000000
heat 105
reach hot 800000
heat 40
reach cool 3000000
kill $burner
reach idle 800000
kill -KILL $governor
wait $governor
say killed $(cat $policy/scaling_governor) $(cat $policy/scaling_max_freq)
govern examples/ondemand.lua
say recovered $(cat $policy/scaling_governor) $(cat $policy/scaling_max_freq)
echo 3000000 >$policy/scaling_max_freq
echo 1 >$policy/stats/reset
burn
reach ondemand 3000000
sleep 5
kill $burner
say stats "$(tr '\\n' ' ' <$policy/stats/time_in_state)"
reach ondemand-idle 800000
kill -TERM $governor
wait $governor
say exit $?
sleep 1 # until the limit is in effect
say given $(cat $policy/scaling_governor) $(cat $policy/scaling_max_freq)
say figures "$(tr -d '\\n' </tmp/figures)"
echo 3000000 >$policy/scaling_max_freq
serve
moonring create cool
moonring load cool examples/throttle.lua
moonring attach cool cpufreq --target 200ms
say attached $(cat $policy/scaling_governor)
burn
reach served 3000000
moonring eval cool 'function get_load() return 0 end'
reach eased 800000
kill $burner
say shown "$(moonring show cool --json | tr -d '\\n')"
moonring detach cool
say detached $(cat $policy/scaling_governor)
moonring attach cool cpufreq
say again $(cat $policy/scaling_governor)
kill -KILL $server
wait $server
say left $(cat $policy/scaling_governor)
serve
say restored $(cat $policy/scaling_governor)
moonring create cool
moonring attach cool cpufreq --later
say anew $(cat $policy/scaling_governor)
moonring destroy cool
say destroyed $(cat $policy/scaling_governor)
kill -TERM $server
wait $server
say ended $?
`

describeUnless(missing)('governors in a guest', { timeout: 400_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'guest-cpufreq-'))
  let answers: Readonly<Record<string, string>>

  beforeAll(async () => {
    const table = join(folder, 'table')
    writeFileSync(table, processorTable())
    const output = await runInGuest({
      ...{ ...kernel!, command: SCRIPT, directory: root, timeoutSeconds: SECONDS },
      processor: 'max,vendor=GenuineIntel',
      extraArguments: ['-acpitable', `sig=SSDT,data=${table}`],
      extraModules: ['acpi-cpufreq', 'thermal'],
      environment: { BEHAVIOUR },
    })
    const lines = output.split('\n').filter((line) => line.includes('='))
    answers = Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2)))
  }, 400_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  test('the tree that other tests use behaves as the kernel does', () => {
    const tree = new SysfsTree()
    const turn = (on: boolean) => () => {
      tree.policies[1]!.isOn = on
    }
    const surroundings = { switchOff: turn(false), switchOn: turn(true), settle: () => {} }
    expect(JSON.parse(answers.behaviour!)).toEqual(observe(tree, 'policy1', surroundings))
  })

  test('throttle.lua: full speed under load within the limit, down in the heat, up again, down without load', () => {
    expect(answers).toMatchObject({
      temperature: '40000',
      found: 'schedutil',
      taken: 'userspace',
      busy: '2400000',
      raised: '3000000',
      hot: '800000',
      cool: '3000000',
      idle: '800000',
    })
  })

  test('after SIGKILL governor and limits are given back at the next start', () => {
    expect(answers).toMatchObject({ killed: 'userspace 3000000', recovered: 'userspace 2400000' })
  })

  test('at SIGTERM they are given back at once', () => {
    expect(answers).toMatchObject({ exit: '0', given: 'schedutil 2400000' })
    expect(JSON.parse(answers.figures!)).toMatchObject({
      policies: ['policy0', 'policy1'],
      errors: 0,
      fallbacks: 0,
      refused: 0,
    })
  })

  test('a named state governs, and is changed meanwhile; detaching and destroying it give back', () => {
    expect(answers).toMatchObject({
      attached: 'userspace',
      served: '3000000',
      eased: '800000',
      detached: 'schedutil',
      anew: 'userspace',
      destroyed: 'schedutil',
      ended: '0',
    })
    const { calls, errors, hooks } = JSON.parse(answers.shown!)
    expect(calls).toBeGreaterThan(2)
    expect(errors).toBe(0)
    expect(hooks).toMatchObject([
      { name: 'cpufreq', target: '200ms', own: { policies: 'policy0 policy1', period: 200, refused: 0 } },
    ])
  })

  test('what a server that was killed has left is given back by the next one', () => {
    expect(answers).toMatchObject({ again: 'userspace', left: 'userspace', restored: 'schedutil' })
  })

  test("ondemand.lua: the kernel's statistics show the time at the highest frequency", () => {
    expect(answers).toMatchObject({ ondemand: '3000000', 'ondemand-idle': '800000' })
    const ticks = new Map(
      [...answers.stats!.matchAll(/(\d+) (\d+)/g)].map(([, frequency, time]) => [frequency, Number(time)]),
    )
    expect(ticks.size).toBe(5)
    // five seconds of a hundred ticks, less what a busy host took away
    expect(ticks.get('3000000')).toBeGreaterThan(300)
  })
})
