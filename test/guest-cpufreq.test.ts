/**
 * Governors on a real cpufreq policy and a real thermal zone: in a guest with Debian's kernel 6.12. Run by
 * `npm run test:guest`; elsewhere it skips.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { observe } from '../src/cpufreq/files-behaviour.fixture.ts'
import { SysfsTree } from '../src/cpufreq/sysfs-tree.fixture.ts'
import { Archive } from '../tools/kernels/archive.ts'
import { type BootResult, bootKernel } from '../tools/kernels/boot-kernel.ts'
import { cacheFolder } from '../tools/kernels/cache-folder.ts'
import { fetchBusybox, fetchKernel } from '../tools/kernels/kernel-image.ts'
import { chooseKernel } from '../tools/kernels/kernel-version.ts'
import { findProgram, missingRequirement } from '../tools/kernels/requirements.ts'
import { root } from './command.fixture.ts'
import { processorTable, TEMPERATURE_PORT } from './guest-processors.fixture.ts'

const missing = missingRequirement((name) => findProgram(name, process.env.PATH))
const isWanted = process.env.MOONRING_TEST_GUEST === '1'
const needs = !isWanted ? ' (needs MOONRING_TEST_GUEST=1)' : missing ? ` (${missing.message})` : ''

const BEHAVIOUR = `
import { writeFileSync } from 'node:fs'
const { FolderFiles } = await import('${root}/dist/src/cpufreq/files.js')
const { observe } = await import('${root}/dist/src/cpufreq/files-behaviour.fixture.js')
const turn = (on) => () => writeFileSync('/sys/devices/system/cpu/cpu1/online', on)
console.log(JSON.stringify(observe(new FolderFiles(), 'policy1', turn('0'), turn('1'))))
`

/**
 * What the guest does, a line of the output for each answer. Processor 0 is burnt, processor 1 runs the rest.
 * `reach NAME FREQUENCY` waits until processor 0 has that frequency, by the kernel's own file.
 */
const SCRIPT = `
policy=/sys/devices/system/cpu/cpufreq/policy0
taskset -p 2 $$ >/dev/null
say() { echo "$1=$2"; }
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
  bin/moonring govern "$@" --period 200 --json >/tmp/figures 2>/tmp/log & governor=$!
  for i in $(seq 300); do grep -q governing /tmp/log && return; sleep 0.2; done
}
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
kill -TERM $governor
wait $governor
say exit $?
say given $(cat $policy/scaling_governor)
say limit $(cat $policy/scaling_max_freq)
echo 3000000 >$policy/scaling_max_freq
say figures "$(tr -d '\\n' </tmp/figures)"
echo 1 >$policy/stats/reset
govern examples/ondemand.lua
kill -KILL $governor
wait $governor
say killed $(cat $policy/scaling_governor)
govern examples/ondemand.lua
burn
reach ondemand 3000000
sleep 5
kill $burner
say stats "$(tr '\\n' ' ' <$policy/stats/time_in_state)"
reach ondemand-idle 800000
kill -TERM $governor
wait $governor
say recovered $(cat $policy/scaling_governor)
`

describe.skipIf(needs !== '')(`governors in a guest${needs}`, { timeout: 400_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'guest-cpufreq-'))
  let result: BootResult
  let answers: Readonly<Record<string, string>>

  beforeAll(async () => {
    const cache = cacheFolder()
    const archive = Archive.open(join(cache, 'apt'), () => {})
    const busybox = fetchBusybox(cache, archive, () => {})
    const { image, modules } = fetchKernel(
      cache,
      archive,
      busybox,
      chooseKernel('6.12', archive.kernels())!,
      () => {},
    )
    const table = join(folder, 'table')
    writeFileSync(table, processorTable())
    result = await bootKernel({
      ...{ image, modules, busybox, command: SCRIPT, directory: root, timeoutSeconds: 280 },
      processor: 'max,vendor=GenuineIntel',
      extraArguments: ['-acpitable', `sig=SSDT,data=${table}`],
      extraModules: ['acpi-cpufreq', 'thermal'],
      environment: { BEHAVIOUR },
    })
    const lines = result.output.split('\n').filter((line) => line.includes('='))
    answers = Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2)))
  }, 400_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  test('it ran to its end', () => {
    expect(result, result.output).toMatchObject({ end: 'exited', code: 0 })
  })

  test('the tree that other tests use behaves as the kernel does', () => {
    const tree = new SysfsTree()
    const turn = (on: boolean) => () => {
      tree.policies[1]!.isOn = on
    }
    expect(JSON.parse(answers.behaviour!)).toEqual(observe(tree, 'policy1', turn(false), turn(true)))
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
    expect(JSON.parse(answers.figures!)).toMatchObject({
      policies: ['policy0', 'policy1'],
      errors: 0,
      fallbacks: 0,
      refused: 0,
    })
  })

  test('at SIGTERM it gives governor and limits back, after SIGKILL at the next start', () => {
    expect(answers).toMatchObject({
      exit: '0',
      given: 'schedutil',
      limit: '2400000',
      killed: 'userspace',
      recovered: 'schedutil',
    })
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
