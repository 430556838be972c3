/** Ownership of a file descriptor: what maps, programs, BTF objects and links have in common. */
import type { SystemCalls } from '../ffi/system-calls.ts'
import { KernelError } from './errors.ts'

/** Owns a file descriptor. `close()`, or the end of a `using` block, gives it back; a second time does nothing. */
export class Descriptor {
  protected readonly system: SystemCalls
  readonly #what: string
  #fd: number

  /** `what` names it in errors: "map counters". */
  constructor(system: SystemCalls, fd: number, what: string) {
    this.system = system
    this.#fd = fd
    this.#what = what
  }

  /** @throws KernelError once it is closed. */
  get fd(): number {
    if (this.#fd < 0) {
      throw new KernelError('KERNEL', `Cannot use ${this.#what}: it is closed`, 'open it again', 'EBADF')
    }
    return this.#fd
  }

  get closed(): boolean {
    return this.#fd < 0
  }

  close(): void {
    if (this.#fd < 0) return
    const fd = this.#fd
    this.#fd = -1
    this.system.close(fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
