/**
 * The lock of a state that several may use: hooks on all CPUs, and processes. One word of its control block holds who
 * has it. Hooks hold it for one call, processes for a call or a sequence of calls; what a process that has died left
 * locked is taken over.
 */
import { readFileSync } from 'node:fs'
import { StateError } from './errors.ts'

/** Set in the tokens of processes: then 22 bits of process id, and 40 bits of when it started, in ticks since boot. */
const PROCESS = 1n << 62n
const PID_SHIFT = 40n
const START_MASK = (1n << PID_SHIFT) - 1n
/** Milliseconds for which a process waits for a lock, unless it says otherwise. */
const PATIENCE = 2000
/** Attempts in a row before the thread sleeps. */
const SPINS = 100
/** Milliseconds of a sleep. */
const NAP = 0.2

/** Start of a process in ticks since boot, field 22 of /proc/PID/stat (proc_pid_stat(5)); undefined if there is none. */
function startOf(pid: string): { readonly pid: bigint; readonly start: bigint } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the name, in parentheses, may hold anything
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // a zombie can't give anything back any more
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return { pid: BigInt(Number.parseInt(text, 10)), start: BigInt(fields[19] as string) & START_MASK }
  } catch {
    return undefined
  }
}

function tokenOf({ pid, start }: { readonly pid: bigint; readonly start: bigint }): bigint {
  return PROCESS | (pid << PID_SHIFT) | start
}

let own: bigint | undefined

/** What stands for this process in locks. Without /proc, as on other systems, nobody else shares its states. */
export function ownToken(): bigint {
  own ??= tokenOf(startOf('self') ?? { pid: 1n, start: 0n })
  return own
}

/** The process of a token; undefined for those of hooks. */
export function processOf(token: bigint): number | undefined {
  return (token & PROCESS) === 0n ? undefined : Number((token & ~PROCESS) >> PID_SHIFT)
}

/** Whether the process of a token is gone. Hooks never are: they end before the kernel does anything else. */
export function hasDied(token: bigint): boolean {
  const pid = processOf(token)
  if (pid === undefined || token === own) return false
  const found = startOf(String(pid))
  return found === undefined || tokenOf(found) !== token
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

export class StateLock {
  readonly #words: BigInt64Array
  readonly #at: number
  readonly #patience: number

  /** The lock whose word is at an address; `patience` is for how many milliseconds `acquire` waits. */
  constructor(buffer: ArrayBuffer, address: number, patience = PATIENCE) {
    this.#words = new BigInt64Array(buffer)
    this.#at = address >>> 3
    this.#patience = patience
  }

  /** Who has it: 0 nobody, 1 + CPU a hook, else a process. */
  get holder(): bigint {
    return Atomics.load(this.#words, this.#at)
  }

  /** Whether a process that has died left it locked. */
  get abandoned(): boolean {
    return hasDied(this.holder)
  }

  /**
   * Takes the lock, after waiting if need be.
   * @returns whether it was taken from a process that has died
   * @throws StateError `BUSY` if somebody holds it for too long
   */
  acquire(): boolean {
    const start = performance.now()
    for (let i = 1; ; i++) {
      const holder = Atomics.compareExchange(this.#words, this.#at, 0n, ownToken())
      if (holder === 0n) return false
      if (i % SPINS !== 0) continue
      if (hasDied(holder)) {
        if (Atomics.compareExchange(this.#words, this.#at, holder, ownToken()) === holder) return true
        continue
      }
      if (performance.now() - start > this.#patience) throw busy(holder, this.#patience)
      Atomics.wait(sleeper, 0, 0, NAP)
    }
  }

  release(): void {
    Atomics.compareExchange(this.#words, this.#at, ownToken(), 0n)
  }
}

function busy(holder: bigint, patience: number): StateError {
  const pid = processOf(holder)
  const who = pid === undefined ? `a hook on CPU ${holder - 1n}` : `process ${pid}`
  const reason = `${who} has been using it for ${patience / 1000} s`
  return new StateError('BUSY', `Cannot use the state: ${reason}`)
}
