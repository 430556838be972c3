/** System calls that only record what is asked of them, for tests without a kernel. */
import type { Memory, SystemCalls } from '../ffi/system-calls.ts'

export interface RecordedCall {
  readonly command: number
  /** The attributes as they were when the call came. */
  readonly attributes: Uint8Array
}

/** What bpf(2) answers: a result, or undefined for a new descriptor (or 0, if the command opens none). */
export type Answer = (command: number, attributes: Uint8Array) => number | undefined

/** Commands whose results are descriptors. */
const OPENING = new Set([0, 5, 7, 18, 28])
const FIRST_FD = 100
const FIRST_ADDRESS = 0x10_0000

export class RecordedCalls implements SystemCalls {
  readonly calls: RecordedCall[] = []
  /** Descriptors that are open, and mappings by address with their lengths, all and those of descriptors. */
  readonly open = new Set<number>()
  readonly mapped = new Map<number, number>()
  readonly mappedFiles = new Map<number, number>()
  readonly mounted: string[] = []
  readonly #memory = new Map<number, Uint8Array>()
  readonly #answer: Answer
  /** The call, counted from 1, that fails. */
  readonly #failing: number
  readonly #errno: number
  #count = 0
  #nextFd = FIRST_FD
  #nextAddress = FIRST_ADDRESS

  constructor(answer: Answer = () => undefined, failing = 0, errno = 12) {
    this.#answer = answer
    this.#failing = failing
    this.#errno = errno
  }

  /** How many calls came that could have failed. */
  get count(): number {
    return this.#count
  }

  /** The bytes at an address that `allocate` gave. */
  at(address: bigint): Uint8Array {
    return this.#memory.get(Number(address))!
  }

  bpf(command: number, attributes: Memory): number {
    this.calls.push({ command, attributes: attributes.bytes.slice() })
    if (this.#fails()) return -this.#errno
    const answer = this.#answer(command, attributes.bytes)
    if (answer !== undefined) return answer
    if (!OPENING.has(command)) return 0
    this.open.add(this.#nextFd)
    return this.#nextFd++
  }

  close(fd: number): number {
    if (!this.open.delete(fd)) throw new Error(`descriptor ${fd} is closed twice`)
    return 0
  }

  mmap(address: number, length: number, _protection: number, flags: number, fd: number): number {
    // replacing a mapping is how one is given back: like close, it takes effect in any case
    const isFixed = (flags & 0x10) !== 0
    if (!isFixed && this.#fails()) return -this.#errno
    const place = address === 0 ? this.#take(length) : address
    if (this.mapped.has(place) && !isFixed) return -17
    this.mapped.set(place, length)
    if (fd >= 0) this.mappedFiles.set(place, length)
    else this.mappedFiles.delete(place)
    return place
  }

  munmap(address: number, length: number): number {
    if (this.mapped.get(address) !== length) throw new Error(`nothing is mapped at ${address}`)
    this.mapped.delete(address)
    this.mappedFiles.delete(address)
    return 0
  }

  mount(_type: Memory, target: Memory): number {
    if (this.#fails()) return -this.#errno
    this.mounted.push(new TextDecoder().decode(target.bytes))
    return 0
  }

  socket(): number {
    if (this.#fails()) return -this.#errno
    this.open.add(this.#nextFd)
    return this.#nextFd++
  }

  sendTo(): number {
    return this.#fails() ? -this.#errno : 0
  }

  ioctl(): number {
    return this.#fails() ? -this.#errno : 0
  }

  setns(): number {
    return this.#fails() ? -this.#errno : 0
  }

  getsockopt(): number {
    return this.#fails() ? -this.#errno : 0
  }

  allocate(size: number): Memory {
    const memory = { address: this.#take(size), bytes: new Uint8Array(size) }
    this.#memory.set(memory.address, memory.bytes)
    return memory
  }

  view(_address: number, length: number): ArrayBuffer {
    return new ArrayBuffer(length)
  }

  #fails(): boolean {
    return ++this.#count === this.#failing
  }

  #take(length: number): number {
    const address = this.#nextAddress
    this.#nextAddress += Math.ceil((length + 1) / 4096) * 4096
    return address
  }
}
