/**
 * Small files of sysfs and procfs, read and written again and again. Descriptors stay open: opening takes longer than
 * reading. A file that vanishes is no error here: the processor it belongs to may have been switched off.
 */
import { closeSync, openSync, readdirSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Where the libraries and the hook look; paths are relative to the root, such as `proc/stat`. */
export interface Files {
  /** A file's text; undefined if it isn't there or can't be read now. */
  read(path: string): string | undefined
  /** Writes in one go. The name of the system's error, such as `EINVAL`; undefined if it went well. */
  write(path: string, text: string): string | undefined
  /** Names in a folder; none if it isn't there. */
  list(path: string): string[]
  /** Gives back the descriptors. */
  close(): void
}

/** More than any file of sysfs has; /proc/stat has more on large machines. */
const PAGE = 4096

const errorName = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'EIO'

/** The files below a folder, by default of this machine. */
export class FolderFiles implements Files {
  readonly #root: string
  readonly #readers = new Map<string, number>()
  readonly #writers = new Map<string, number>()
  #buffer = Buffer.allocUnsafe(PAGE)

  constructor(root = '/') {
    this.#root = root
  }

  read(path: string): string | undefined {
    try {
      const descriptor = this.#open(this.#readers, path, 'r')
      return this.#readAll(descriptor)
    } catch {
      this.#forget(this.#readers, path)
      return undefined
    }
  }

  /** From the start to the end, with a larger buffer if need be. */
  #readAll(descriptor: number): string {
    let length = 0
    for (;;) {
      if (length === this.#buffer.length)
        this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(this.#buffer.length)])
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, length)
      length += count
      // a file that didn't fill the page has no more: one call is enough
      if (count === 0 || length < PAGE) return this.#buffer.toString('latin1', 0, length)
    }
  }

  write(path: string, text: string): string | undefined {
    try {
      writeSync(this.#open(this.#writers, path, 'r+'), text, 0)
      return undefined
    } catch (error) {
      this.#forget(this.#writers, path)
      return errorName(error)
    }
  }

  list(path: string): string[] {
    try {
      return readdirSync(join(this.#root, path))
    } catch {
      return []
    }
  }

  close(): void {
    for (const descriptors of [this.#readers, this.#writers])
      for (const path of descriptors.keys()) this.#forget(descriptors, path)
  }

  #open(descriptors: Map<string, number>, path: string, flags: 'r' | 'r+'): number {
    const known = descriptors.get(path)
    if (known !== undefined) return known
    const descriptor = openSync(join(this.#root, path), flags)
    descriptors.set(path, descriptor)
    return descriptor
  }

  #forget(descriptors: Map<string, number>, path: string): void {
    const descriptor = descriptors.get(path)
    if (descriptor === undefined) return
    descriptors.delete(path)
    closeSync(descriptor)
  }
}
