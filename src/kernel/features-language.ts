/** Features of eBPF itself: maps, instructions, how loops and functions are verified. */
import { createArena } from './arena.ts'
import { type Feature, loads, type Machine, no, type ProbeResult, withProgram, yes } from './feature.ts'
import { createMap, type MapSpec } from './map.ts'

const SMALL_ARENA = { name: 'probe', size: 64 << 10 }

/** Loads a program whose r1 is an address in an arena. */
function loadsWithArena(machine: Machine, body: string): ProbeResult {
  using arena = createArena(SMALL_ARENA, machine.system())
  const text = `r1 = map arena ll\nr1 = 64\nr1 = addr_space_cast(r1, 0, 1)\n${body}\nr0 = 0\nexit`
  return withProgram(machine, text, { type: 'SYSCALL', maps: { arena } }, (program) => {
    program.run()
    return yes(new Uint32Array(arena.buffer)[16] === 7 ? 'memory is shared' : '')
  })
}

/** A feature of instructions, in a program of the type SYSCALL. */
function instructions(name: string, since: string, body: string): Feature {
  const text = `${body}\nr0 = 0\nexit`
  return {
    name,
    since,
    remedy: `run Linux ${since} or newer`,
    probe: (m) => loads(m, text, { type: 'SYSCALL' }),
  }
}

function inArena(name: string, since: string, body: string): Feature {
  return { name, since, remedy: `run Linux ${since} or newer`, probe: (m) => loadsWithArena(m, body) }
}

function map(name: string, since: string, spec: MapSpec): Feature {
  const probe = ({ system }: Machine) => {
    using _made = createMap(spec, system())
    return yes()
  }
  return { name, since, remedy: `run Linux ${since} or newer`, probe }
}

const LOOP = 'again:\nmay_goto out\ngoto again\nout:\nr0 = 0\nexit'
/** Stack that a loop with may_goto takes: a counter, or a counter and a time. */
const TIMED_STACK = 16

const mayGoto: Feature = {
  name: 'may_goto',
  essential: true,
  since: '6.9',
  remedy: 'run Linux 6.9 or newer',
  probe: (machine) => loads(machine, LOOP, { type: 'SYSCALL' }),
}

const timedMayGoto: Feature = {
  name: 'timed may_goto',
  since: '6.15 (x86-64), 6.18 (arm64)',
  remedy: 'none is needed: loops are stopped by a count then, instead of a time',
  probe: (machine) =>
    withProgram(machine, LOOP, { type: 'SYSCALL' }, (program) => {
      const [depth] = program.statistics().stackDepths ?? []
      if (depth === undefined) return no("the verifier's log does not say")
      return depth >= TIMED_STACK ? yes('250 ms') : no('it counts 2^23 rounds')
    }),
}

const GLOBAL_FUNCTIONS = `
static func main(ctx)
  r1 = 1
  r2 = 2
  call function add
  r0 = 0
  exit
global func add(a, b)
  r0 = r1
  r0 += r2
  exit`

const globalFunctions: Feature = {
  name: 'global functions',
  essential: true,
  since: '5.6',
  remedy: 'run Linux 6.12 or newer',
  probe: (machine) => loads(machine, GLOBAL_FUNCTIONS, { type: 'SYSCALL' }),
}

export const LANGUAGE_FEATURES: readonly Feature[] = [
  { ...inArena('arena', '6.9', 'r2 = 7\n*(u32 *)(r1 + 0) = r2'), essential: true },
  inArena(
    'arena atomics',
    '6.10',
    'r2 = 1\nr2 = atomic64_xchg((u64 *)(r1 + 0), r2)\nlock *(u64 *)(r1 + 0) += r2',
  ),
  inArena('arena signed loads', '6.18', 'r2 = *(s32 *)(r1 + 0)'),
  map('map array', '3.19', { kind: 'array', name: 'probe', valueSize: 8, maxEntries: 1 }),
  map('map array, mappable', '5.5', {
    kind: 'array',
    name: 'probe',
    valueSize: 8,
    maxEntries: 1,
    mappable: true,
  }),
  map('map hash', '3.19', { kind: 'hash', name: 'probe', keySize: 4, valueSize: 8, maxEntries: 1 }),
  map('map ringbuf', '5.8', { kind: 'ringbuf', name: 'probe', size: 1 << 16 }),
  mayGoto,
  timedMayGoto,
  globalFunctions,
  {
    ...instructions('signed moves and division', '6.6', 'r1 = 9\nr2 = (s8)r1\nr3 = 2\nr2 s/= r3'),
    essential: true,
  },
  instructions('gotol', '6.6', 'gotol next\nnext:'),
  instructions('load-acquire', '6.15', 'r1 = 0\n*(u64 *)(r10 - 8) = r1\nr1 = load_acquire((u64 *)(r10 - 8))'),
]
