/** Memory of maps in this process. */
import { MAP, PROT, type SystemCalls } from '../ffi/system-calls.ts'
import { kernelError } from './system.ts'

/**
 * Gives address ranges back once nobody can reach their bytes any more: an ArrayBuffer can't be taken away
 * from whoever holds it, and reading unmapped memory would end the process.
 */
const ranges = new FinalizationRegistry<() => void>((release) => release())

export class Mapping {
  readonly #system: SystemCalls
  readonly address: number
  readonly #length: number
  #buffer: ArrayBuffer | undefined
  #closed = false

  private constructor(system: SystemCalls, address: number, length: number) {
    this.#system = system
    this.address = address
    this.#length = length
  }

  /** Maps `length` bytes of `fd`: at a given address, or not at all; or wherever there is room. */
  static of(system: SystemCalls, fd: number, length: number, action: string, address?: number): Mapping {
    const result = Mapping.attempt(system, fd, length, address)
    if (typeof result === 'number') throw kernelError(result, { action, capabilities: [] })
    return result
  }

  /** The same; a negative error number if that fails. */
  static attempt(system: SystemCalls, fd: number, length: number, address?: number): Mapping | number {
    const place = address === undefined ? 0 : MAP.FIXED_NOREPLACE
    const flags = MAP.SHARED | MAP.POPULATE | place
    const result = system.mmap(address ?? 0, length, PROT.READ | PROT.WRITE, flags, fd)
    return result < 0 ? result : new Mapping(system, result, length)
  }

  /** The bytes, live. */
  get buffer(): ArrayBuffer {
    this.#buffer ??= this.#system.view(this.address, this.#length)
    return this.#buffer
  }

  /** Lets go of the memory. A buffer that somebody still holds reads zeros from now on. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    const system = this.#system
    const { address } = this
    const length = this.#length
    if (this.#buffer === undefined) {
      system.munmap(address, length)
      return
    }
    const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE | MAP.FIXED
    system.mmap(address, length, PROT.READ | PROT.WRITE, flags, -1)
    ranges.register(this.#buffer, () => system.munmap(address, length))
    this.#buffer = undefined
  }
}
