/**
 * Figures of named states in the kernel: making one, changing it while it lives, and calls by a hook. The hook is
 * cgroup/egress on a control group without processes: nothing but BPF_PROG_TEST_RUN ever calls it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subsystem } from '../src/hook/subsystem.ts'
import { mountPoints } from '../src/kernel/bpffs.ts'
import { openPinnedProgram } from '../src/kernel/pin.ts'
import { KernelStates } from '../src/named/kernel-states.ts'
import type { NamedState } from '../src/named/named-state.ts'
import { type Figure, processTime, ROUNDS } from './figures.ts'
import { median } from './statistics.ts'

const SUBSYSTEM: Subsystem = {
  name: 'bench',
  summary: 'packets that leave a control group',
  hooks: [
    {
      where: 'kernel',
      name: 'bench/egress',
      summary: 'packets',
      function: 'packet',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_EGRESS',
      context: '__sk_buff',
      arguments: ['len'],
      verdicts: {
        named: { pass: 1, drop: 0 },
        onTrue: 'pass',
        onFalse: 'drop',
        onNil: 'pass',
        onFailure: 'pass',
      },
      greatest: 1,
      target: 'cgroup',
    },
  ],
  libraries: [],
}

/** A frame of 64 bytes with the type of IPv4. */
const PACKET = new Uint8Array(64).fill(8, 12, 13)
const REPEAT = 300_000
const quiet = () => {}

/** What a state is attached to and pinned in, and nothing else: removed at the end. */
class Surroundings {
  readonly bpffs = mkdtempSync(join(tmpdir(), 'moonring-bench-'))
  readonly cgroup: string
  readonly states: KernelStates

  constructor(cgroup2: string) {
    this.cgroup = mkdtempSync(join(cgroup2, 'moonring-bench-'))
    this.states = new KernelStates({ bpffs: this.bpffs, subsystems: [SUBSYSTEM] })
  }

  async attached(perCpu: boolean): Promise<NamedState> {
    const state = await this.states.create('bench', { perCpu })
    await state.load({ name: 'bench', text: 'up = 80 function packet(length) end' }, quiet)
    await state.attach('bench/egress', { target: this.cgroup })
    return state
  }

  /** What the hook of the state runs. */
  get program(): string {
    return join(this.bpffs, 'moonring/bench/program-0')
  }

  remove(): void {
    rmdirSync(this.cgroup)
    spawnSync('umount', [this.bpffs])
    rmdirSync(this.bpffs)
  }
}

/** Nanoseconds of a call. */
function callTime(path: string): number {
  using program = openPinnedProgram(path)
  const run = () => program.run({ data: PACKET, repeat: REPEAT }).duration
  run()
  return median(Array.from({ length: ROUNDS }, run))
}

/** Calls in a second on so many CPUs at once. */
async function throughput(path: string, cpus: number): Promise<number> {
  const script = join(import.meta.dirname, 'call-hook.js')
  const durations = await Promise.all(
    Array.from({ length: cpus }, (_, cpu) =>
      output(['taskset', '-c', String(cpu), process.execPath, script, path]),
    ),
  )
  return durations.reduce((sum, nanoseconds) => sum + 1e9 / Number(nanoseconds), 0)
}

function output([command, ...args]: readonly [string, ...string[]]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}`)),
    )
  })
}

async function figuresOf(around: Surroundings, root: string): Promise<Figure[]> {
  const made: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now()
    const state = await around.states.create('bench', {})
    made.push(performance.now() - start)
    await state.destroy()
  }
  const shared = await around.attached(false)
  const lines: number[] = []
  for (let i = 0; i < 300; i++) {
    const start = performance.now()
    await shared.evaluate({ name: 'bench', text: 'up = 95' }, quiet)
    lines.push((performance.now() - start) * 1000)
  }
  const empty = callTime(around.program)
  const [one, two] = [await throughput(around.program, 1), await throughput(around.program, 2)]
  shared.close()
  process.env.MOONRING_BPFFS = around.bpffs
  const command = processTime([join(root, 'bin/moonring'), 'eval', 'bench', 'up = 95'])
  delete process.env.MOONRING_BPFFS
  await around.states.destroy('bench')
  const own = await around.attached(true)
  const [oneOwn, twoOwn] = [await throughput(around.program, 1), await throughput(around.program, 2)]
  await own.destroy()
  return [
    { name: 'kernel: new named state', unit: 'ms', value: median(made) },
    { name: 'kernel: `eval` of a line in a live state, in a process', unit: 'µs', value: median(lines) },
    { name: 'kernel: `moonring eval` of a line in a live state', unit: 'ms', value: command },
    { name: 'kernel: call of an empty function by a hook, with lock and figures', unit: 'ns', value: empty },
    { name: 'kernel: such calls on one CPU', unit: '/s', value: one },
    { name: 'kernel: on two CPUs', unit: '/s', value: two },
    { name: 'kernel: with a state for each CPU, on one', unit: '/s', value: oneOwn },
    { name: 'kernel: on two', unit: '/s', value: twoOwn },
  ]
}

/** All figures; none without cgroup2. `root` is the checkout. */
export async function namedFigures(root: string): Promise<Figure[]> {
  const [cgroup2] = mountPoints('cgroup2')
  if (cgroup2 === undefined) return []
  const around = new Surroundings(cgroup2)
  try {
    return await figuresOf(around, root)
  } finally {
    around.remove()
  }
}
