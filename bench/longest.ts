/**
 * `npm run bench:longest`: the longest call at each kind of hook, of the scripts that want as much as they can for their
 * fuel (bench/spendthrifts.ts): with the limits that a hook has by itself, and with the most that a state may ask for.
 * Calls in the kernel are timed by the kernel, as BPF_PROG_TEST_RUN says it; needs root, ip(8) and cgroup2.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HookLimits, limitsOf, optionTime, PROCESS } from '../src/hook/limits.ts'
import type { HookCall, Subsystem } from '../src/hook/subsystem.ts'
import { mountPoints } from '../src/kernel/bpffs.ts'
import { openPinnedProgram } from '../src/kernel/pin.ts'
import { KernelStates } from '../src/named/kernel-states.ts'
import type { AttachOptions, NamedState, NamedStates } from '../src/named/named-state.ts'
import { UserStates } from '../src/named/user-states.ts'
import { findHook, SUBSYSTEMS } from '../src/subsystems/find.ts'
import { reasonOf } from './engine.ts'
import { type Figure, renderFigures } from './figures.ts'
import { SPENDTHRIFTS, type Spendthrift, spendthriftScript } from './spendthrifts.ts'

const CALLS = 3
const EMPTY: Spendthrift = { prepare: '', round: '', rounds: 0 }
/** A frame of UDP over IPv4, without checksums, of 64 bytes. */
const FRAME = Buffer.from(
  '02000000000102000000000208004500003200000000401100000a0000010a000002000a0014001e0000'.padEnd(128, '0'),
  'hex',
)

const DECIDE = {
  named: { drop: 0, pass: 1 },
  onTrue: 'pass',
  onFalse: 'drop',
  onNil: 'pass',
  onFailure: 'pass',
}
let callUser: HookCall = async () => 0

/** Hooks of control groups that can be called by BPF_PROG_TEST_RUN, and one in user space. */
const SUBSYSTEM: Subsystem = {
  name: 'longest',
  summary: 'hooks for this benchmark',
  libraries: [],
  hooks: [
    {
      where: 'kernel',
      name: 'longest/cgroup',
      summary: 'as in a process',
      function: 'endless',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_EGRESS',
      context: '__sk_buff',
      arguments: [],
      verdicts: DECIDE,
      greatest: 1,
      target: 'cgroup',
      limits: PROCESS,
    },
    {
      where: 'user',
      name: 'longest/user',
      summary: 'in user space',
      function: 'endless',
      verdicts: DECIDE,
      attach: (call) => {
        callUser = call
        return { detach() {} }
      },
    },
  ],
}

/** Milliseconds of a call. */
type Timed = () => number | Promise<number>

interface Kind {
  readonly name: string
  readonly states: NamedStates
  readonly hook: string
  readonly options: AttachOptions
  /** How a state that is attached is called. */
  readonly timed: () => Timed & Partial<Disposable>
}

const asked = ({ fuel, deadline }: HookLimits) => ({ fuel: fuel.most, deadline: deadline.most / 1e6 })

/** The longest calls of a kind of hook: with its own limits, and with its ceilings. */
async function longest({ name, states, hook, options, timed }: Kind): Promise<Figure[]> {
  const limits = limitsOf(findHook(hook, [SUBSYSTEM, ...SUBSYSTEMS]).hook)
  const figures: Figure[] = []
  for (const [which, create] of [
    ['usual', {}],
    ['most', asked(limits)],
  ] as const) {
    const state = await states.create('longest', create)
    let [most, script] = [0, '']
    try {
      await state.attach(hook, { ...options, function: 'endless', later: true })
      const call = timed()
      for (const [kind, spendthrift] of [
        ['an empty loop', EMPTY] as const,
        ...Object.entries(SPENDTHRIFTS),
      ]) {
        const time = await worst(state, spendthrift, call)
        process.stderr.write(`${name}, ${which} limits, ${kind}: ${time.toFixed(2)} ms\n`)
        if (time > most) [most, script] = [time, kind]
      }
      call[Symbol.dispose]?.()
    } finally {
      await state.destroy()
    }
    const { fuel, deadline } = limits
    const bounds = `${fuel[which].toLocaleString('en-US')} instructions, ${optionTime(deadline[which])}`
    figures.push({ name: `${name}, ${bounds}: ${script}`, unit: 'ms', value: most })
  }
  return figures
}

/** The least of some calls: what the script takes, and not what the machine does beside it. */
async function worst(state: NamedState, spendthrift: Spendthrift, call: Timed): Promise<number> {
  const load = (text: string) => state.load({ name: 'longest', text }, () => {})
  await load('live, endless = nil collectgarbage()')
  await load(`local print = print ${spendthriftScript(spendthrift)}`)
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < CALLS; i++) least = Math.min(least, await call())
  return least
}

async function figuresInKernel(): Promise<Figure[]> {
  const [cgroup2] = mountPoints('cgroup2')
  if (cgroup2 === undefined) throw new Error('this machine has no cgroup2 mounted')
  const bpffs = mkdtempSync(join(tmpdir(), 'moonring-longest-'))
  const netns = `longest-${process.pid}`
  const cgroup = mkdtempSync(join(cgroup2, 'moonring-longest-'))
  spawnSync('ip', ['netns', 'add', netns])
  try {
    const states = new KernelStates({ bpffs, subsystems: [SUBSYSTEM] })
    const timed = (data: Uint8Array) => () => {
      const program = openPinnedProgram(join(bpffs, 'moonring/longest/program-0'))
      const call = () => program.run({ data, repeat: 1 }).duration / 1e6
      return Object.assign(call, { [Symbol.dispose]: () => program.close() })
    }
    const packets = FRAME.subarray(14)
    const of = (name: string, hook: string, options: AttachOptions, data: Uint8Array) =>
      longest({ name, states, hook, options, timed: timed(data) })
    return [
      ...(await of('netfilter', 'netfilter/local-in', { netns }, packets)),
      ...(await of('tc', 'tc/ingress', { netns, target: 'lo' }, FRAME)),
      ...(await of('xdp', 'xdp', { netns, target: 'lo' }, FRAME)),
      ...(await of('cgroup', 'longest/cgroup', { target: cgroup }, FRAME)),
    ]
  } finally {
    rmdirSync(cgroup)
    spawnSync('ip', ['netns', 'del', netns])
    spawnSync('umount', [bpffs])
    rmdirSync(bpffs)
  }
}

function figuresInUserSpace(): Promise<Figure[]> {
  const states = new UserStates({ subsystems: [SUBSYSTEM] })
  const timed = () => async () => {
    const start = performance.now()
    await callUser()
    return performance.now() - start
  }
  return longest({ name: 'user space', states, hook: 'longest/user', options: {}, timed })
}

const figures: Figure[] = []
try {
  figures.push(...(await figuresInKernel()))
} catch (error) {
  process.stderr.write(`the kernel is left out: ${reasonOf(error)}\n`)
}
if (!process.argv.includes('--kernel')) figures.push(...(await figuresInUserSpace()))
process.stdout.write(renderFigures(figures, process.argv.includes('--markdown')))
