/**
 * What tests of named states in the kernel need: a bpffs and a control group of their own, both removed at the end
 * whatever happens, states and commands that use them, and what the kernel has of states.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, expect } from 'vitest'
import { mountPoints } from '../src/kernel/bpffs.ts'
import { KernelStates } from '../src/named/kernel-states.ts'
import { type Ended, Service } from '../tools/network/service.ts'
import { program } from './command.fixture.ts'

/** Scripts that count every call that reaches them, in `n`. */
export const COUNTING = 'n = 0 function sysctl() n = n + 1 return true end'
/** What the processes of the control group read. */
export const SYSCTL = '/proc/sys/kernel/ostype'

/** Whether bpftool is here, which says what is attached. */
export const hasBpftool = spawnSync('bpftool', ['version']).status === 0

let groups = 0

/** The folders of one test file. */
export class NamedStatesFixture {
  /** A folder for files, in which all others of this machine may look. */
  readonly folder = mkdtempSync(join(tmpdir(), 'moonring-'))
  /** Where bpffs is mounted, once a state has been made. */
  readonly bpffs = join(this.folder, 'bpf')
  readonly states = new KernelStates({ bpffs: this.bpffs })
  /** A control group, which is made when it is asked for first. */
  #cgroup: string | undefined

  constructor() {
    chmodSync(this.folder, 0o755)
    afterAll(() => this.#remove())
  }

  get cgroup(): string {
    if (this.#cgroup !== undefined) return this.#cgroup
    const [mount] = mountPoints('cgroup2')
    if (mount === undefined) throw new Error('this machine has no cgroup2 mounted')
    this.#cgroup = join(mount, `moonring-${process.pid}-${++groups}`)
    mkdirSync(this.#cgroup)
    return this.#cgroup
  }

  /** Writes a file; its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      FORCE_COLOR: '',
      MOONRING_DEBUG: '',
      MOONRING_BPFFS: this.bpffs,
      MOONRING_SOCKET: join(this.folder, 'no.sock'),
      XDG_STATE_HOME: this.folder,
    }
  }

  /** Runs the command here, to its end. No failure may show a JavaScript stack. */
  run(...args: string[]): Ended {
    return this.runAs([], {}, ...args)
  }

  /** The same by another program, and with other variables. */
  runAs(by: readonly string[], variables: NodeJS.ProcessEnv, ...args: string[]): Ended {
    const [file = '', ...rest] = [...by, program, ...args]
    const { status, stdout, stderr } = spawnSync(file, rest, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...this.#environment(), ...variables },
    })
    expect(stderr).not.toMatch(/\n {4}at |node:internal|M090/)
    return { exit: status, out: stdout, err: stderr }
  }

  /** Runs the command; it has to do what it is asked for. What it prints. */
  done(...args: string[]): string {
    const { exit, out, err } = this.run(...args)
    expect([args.join(' '), exit, err]).toEqual([args.join(' '), 0, ''])
    return out
  }

  /** Begins the command. */
  start(...args: string[]): Service {
    return new Service(spawn(program, args, { cwd: this.folder, env: this.#environment() }))
  }

  /** Runs shell commands as a process of the control group. */
  inCgroup(script: string): string {
    const { stdout } = spawnSync('sh', ['-c', `echo $$ > ${this.cgroup}/cgroup.procs; ${script}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return stdout
  }

  /** Reads a sysctl in the control group, once: what it says, or '' where that was denied. */
  read(path = SYSCTL): string {
    return this.inCgroup(`dd bs=100 count=1 status=none if=${path}`).trim()
  }

  /** Begins `count` reads in the control group on one CPU; they end with how many were allowed. */
  startReads(cpu: number, count: number): Service {
    const script = `local n = 0 for i = 1, ${count} do local f = io.open('${SYSCTL}')
      if f:read(1) then n = n + 1 end f:close() end print(n)`
    return this.#startLua(cpu, script)
  }

  /** Reads on one CPU until there is a file: how many reads, and how many of them were allowed. */
  startReadsUntil(cpu: number, file: string): Service {
    const script = `local n, allowed = 0, 0
      while not io.open('${file}') do
        for i = 1, 100 do
          local f = io.open('${SYSCTL}')
          if f:read(1) then allowed = allowed + 1 end
          f:close()
        end
        n = n + 100
      end
      print(n .. ' ' .. allowed)`
    return this.#startLua(cpu, script)
  }

  /** How many programs the kernel says are attached to the control group. */
  attachments(): number {
    const { stdout } = spawnSync('bpftool', ['-j', 'cgroup', 'show', this.cgroup], { encoding: 'utf8' })
    return stdout.trim() === '' ? 0 : (JSON.parse(stdout) as unknown[]).length
  }

  #startLua(cpu: number, script: string): Service {
    const enter = `echo $$ > ${this.cgroup}/cgroup.procs; exec taskset -c ${cpu} lua5.4 -e "$0"`
    return new Service(spawn('sh', ['-c', enter, script]))
  }

  #remove(): void {
    if (this.#cgroup !== undefined) removeGroup(this.#cgroup)
    while (mountPoints('bpf').includes(this.bpffs)) {
      if (spawnSync('umount', [this.bpffs]).status !== 0) break
    }
    rmSync(this.folder, { recursive: true })
  }
}

/** Processes that have just ended may be in it for some milliseconds. */
function removeGroup(path: string): void {
  for (let i = 0; i < 100; i++) {
    try {
      rmdirSync(path)
      return
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
  rmdirSync(path)
}

/** Numbers from 0 to 1 that follow from a seed (xorshift32). */
export function randomFrom(seed: number): () => number {
  let x = seed | 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}
