/** Memory of maps in this process. */
import { MAP, PROT, type SystemCalls } from '../ffi/system-calls.ts'
import { kernelError } from './system.ts'

/**
 * An address range whose memory is closed, while somebody may still hold its bytes: an ArrayBuffer can't be taken away,
 * and reading unmapped memory would end the process. It reads zeros until the same range is mapped again.
 */
interface Abandoned {
  readonly length: number
  readonly buffer: WeakRef<ArrayBuffer>
}

const abandoned = new Map<number, Abandoned>()

const EEXIST = -17

/** Whether what follows an abandoned range is free up to `length`; it is taken then. */
function extend(system: SystemCalls, address: number, from: number, length: number): boolean {
  const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE | MAP.FIXED_NOREPLACE
  return system.mmap(address + from, length - from, PROT.NONE, flags, -1) >= 0
}

/** Gives ranges back once nobody can reach their bytes any more. */
const ranges = new FinalizationRegistry<() => void>((release) => release())

export class Mapping {
  readonly #system: SystemCalls
  readonly address: number
  readonly #length: number
  #buffer: ArrayBuffer | undefined
  /** How many arenas of this process use it. */
  #users = 1

  private constructor(system: SystemCalls, address: number, length: number, buffer?: ArrayBuffer) {
    this.#system = system
    this.address = address
    this.#length = length
    this.#buffer = buffer
  }

  /** Maps `length` bytes of `fd`: at a given address, or not at all; or wherever there is room. */
  static of(system: SystemCalls, fd: number, length: number, action: string, address?: number): Mapping {
    const result = Mapping.attempt(system, fd, length, address)
    if (typeof result === 'number') throw kernelError(result, { action, capabilities: [] })
    return result
  }

  /** The same; a negative error number if that fails. */
  static attempt(system: SystemCalls, fd: number, length: number, address?: number): Mapping | number {
    const known = address === undefined ? undefined : abandoned.get(address)
    const free = address === undefined ? 0 : MAP.FIXED_NOREPLACE
    if (known && length > known.length && !extend(system, address as number, known.length, length))
      return EEXIST
    const flags = MAP.SHARED | MAP.POPULATE | (known ? MAP.FIXED : free)
    const result = system.mmap(address ?? 0, length, PROT.READ | PROT.WRITE, flags, fd)
    if (result < 0) return result
    abandoned.delete(result)
    const buffer = known?.length === length ? known.buffer.deref() : undefined
    return new Mapping(system, result, length, buffer)
  }

  /** The bytes, live. */
  get buffer(): ArrayBuffer {
    if (this.#buffer === undefined) {
      this.#buffer = this.#system.view(this.address, this.#length)
      ranges.register(this.#buffer, releaseRange(this.#system, this.address))
    }
    return this.#buffer
  }

  /** For another user, who closes it, too. */
  share(): this {
    this.#users++
    return this
  }

  /** Lets go of the memory, once its last user does. A buffer that somebody still holds reads zeros from now on. */
  close(): void {
    if (this.#users === 0) return
    this.#users--
    if (this.#users > 0) return
    const { address } = this
    const length = this.#length
    if (this.#buffer === undefined) {
      this.#system.munmap(address, length)
      return
    }
    const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE | MAP.FIXED
    this.#system.mmap(address, length, PROT.READ | PROT.WRITE, flags, -1)
    abandoned.set(address, { length, buffer: new WeakRef(this.#buffer) })
    this.#buffer = undefined
  }
}

/** Unmaps a range whose bytes nobody can reach any more, if it is abandoned; it knows nothing of the mapping itself. */
function releaseRange(system: SystemCalls, address: number): () => void {
  return () => {
    const range = abandoned.get(address)
    if (range === undefined || range.buffer.deref() !== undefined) return
    abandoned.delete(address)
    system.munmap(address, range.length)
  }
}
