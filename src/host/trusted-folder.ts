/**
 * Folders in which nobody else can exchange what lies there: where Moonring makes, removes and follows files of its own, often
 * as root. A folder is found once, part by part from the root on, without following links; everything else is done
 * relative to its descriptor, by way of /proc/self/fd. See docs/safety.md, "Files and terminals".
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { pathOf } from './printable.ts'
import { systemError } from './system-error.ts'

/** O_PATH of asm-generic/fcntl.h: finds a file without opening what is in it. */
const O_PATH = 0o10000000
const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW
/** Modes of files: writable for the group, for others; only owners may remove what is theirs. */
const WRITABLE = 0o022
const STICKY = 0o1000

/** A folder that can't be trusted, or a file in it that is none of ours. `message` stands behind `Cannot X: `. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted'
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** The user whom files of this process belong to, from proc_pid_status(5): Uid has the real and the effective one. */
export function ownUser(): number {
  const status = readFileSync('/proc/self/status', 'latin1')
  return Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN)
}

/** In a user namespace whoever has no number there owns files as this one: it isn't another user of the namespace. */
function isNobody(uid: number): boolean {
  const map = readFileSync('/proc/self/uid_map', 'latin1').trim().split(/\s+/)
  const isWhole = map.length === 3 && map[0] === '0' && map[1] === '0' && map[2] === '4294967295'
  return !isWhole && uid === Number(readFileSync('/proc/sys/kernel/overflowuid', 'latin1'))
}

/** Why others could exchange what lies in a folder; undefined if they can't. */
function weakness({ uid, mode }: Stats, own: number): string | undefined {
  if (uid !== 0 && uid !== own && !isNobody(uid)) return `it belongs to the user ${uid}`
  if ((mode & WRITABLE) !== 0 && (mode & STICKY) === 0)
    return `others may write to it (mode ${(mode & 0o7777).toString(8)})`
  return undefined
}

export interface OpenOptions {
  /** Makes what is missing of the path, with this mode. */
  readonly make?: number
}

export class TrustedFolder {
  /** As messages show it. */
  readonly path: string
  readonly #fd: number
  #isClosed = false

  private constructor(path: string, fd: number) {
    this.path = path
    this.#fd = fd
  }

  /**
   * Opens a folder. Links in the path that is given are followed once, at the beginning.
   * @throws Untrusted where another user could exchange it or a part of its path, the system's error where there is none
   */
  static open(path: string, { make }: OpenOptions = {}): TrustedFolder {
    const own = ownUser()
    let folder = new TrustedFolder('/', openSync('/', FOLDER))
    try {
      for (const part of realPath(path).split('/').filter(Boolean)) {
        const next = folder.#enter(part, make)
        folder.close()
        folder = next
        folder.#check(own)
      }
      return folder
    } catch (error) {
      folder.close()
      throw error
    }
  }

  /** Opens a folder in this one. @throws Untrusted, the system's error */
  folder(name: string, { make }: OpenOptions = {}): TrustedFolder {
    const found = this.#enter(name, make)
    try {
      found.#check(ownUser())
      return found
    } catch (error) {
      found.close()
      throw error
    }
  }

  #enter(name: string, make: number | undefined): TrustedFolder {
    const path = join(this.path, name)
    const at = this.at(name)
    for (;;) {
      try {
        return new TrustedFolder(path, openSync(at, FOLDER))
      } catch (error) {
        const code = systemError(error)?.code
        if (code === 'ENOTDIR' && this.status(name)?.isSymbolicLink())
          throw new Untrusted(`${path} is a symbolic link`, 'remove it, or name another directory')
        if (code !== 'ENOENT' || make === undefined) throw error
      }
      makeFolder(at, make)
    }
  }

  #check(own: number): void {
    const why = weakness(fstatSync(this.#fd), own)
    if (why !== undefined)
      throw new Untrusted(
        `${this.path} can't be trusted: ${why}`,
        'name a directory of your own, in which nobody else may write',
      )
  }

  /** The path of a name in the folder, for node:fs and system calls; of the folder itself without one. */
  at(name = ''): string {
    return name === '' ? `/proc/self/fd/${this.#fd}` : `/proc/self/fd/${this.#fd}/${checked(name)}`
  }

  /** What there is of a name, links themselves; undefined if there is nothing. */
  status(name: string): Stats | undefined {
    return lstatSync(this.at(name), { throwIfNoEntry: false })
  }

  /** The owner and the mode of the folder itself. */
  get own(): Stats {
    return fstatSync(this.#fd)
  }

  /** The number of its file system's kind, as in linux/magic.h. */
  get fileSystem(): number {
    return statfsSync(this.at()).type
  }

  names(): string[] {
    return readdirSync(this.at()).sort()
  }

  /** Removes a file, never what a link leads to. It is fine if there is none. */
  remove(name: string): void {
    try {
      unlinkSync(this.at(name))
    } catch (error) {
      if (systemError(error)?.code !== 'ENOENT') throw error
    }
  }

  /** Gives a file another name, in place of whatever has that. */
  rename(from: string, to: string): void {
    renameSync(this.at(from), this.at(to))
  }

  removeFolder(name: string): void {
    rmdirSync(this.at(name))
  }

  makeFolder(name: string, mode: number): void {
    makeFolder(this.at(name), mode)
  }

  /** The text of a file of ours; undefined if there is none. @throws Untrusted for a link, a device, a file of another user */
  read(name: string, most: number): string | undefined {
    const fd = this.#openFile(name, constants.O_RDONLY)
    if (fd === undefined) return undefined
    try {
      if (fstatSync(fd).size > most) throw new Untrusted(`${join(this.path, name)} is too large`, 'remove it')
      return readFileSync(fd, 'utf8')
    } finally {
      closeSync(fd)
    }
  }

  /** Adds to a file of ours, which is made if there is none. @throws Untrusted */
  append(name: string, text: string, mode: number): void {
    const fd = this.#openFile(name, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, mode)
    if (fd === undefined) return
    try {
      writeSync(fd, text)
    } finally {
      closeSync(fd)
    }
  }

  /**
   * Writes a file in one step: nobody sees half of it. With `isNew` there may be none of this name.
   * @throws the system's error, EEXIST among them
   */
  write(name: string, text: string, { mode, isNew = false }: { mode: number; isNew?: boolean }): void {
    const draft = `.${name}.${processNumber()}`
    this.remove(draft)
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    const fd = openSync(this.at(draft), flags, mode)
    try {
      try {
        writeSync(fd, text)
      } finally {
        closeSync(fd)
      }
      if (isNew) linkSync(this.at(draft), this.at(name))
      else renameSync(this.at(draft), this.at(name))
    } finally {
      this.remove(draft)
    }
  }

  #openFile(name: string, flags: number, mode?: number): number | undefined {
    const path = join(this.path, name)
    let fd: number
    try {
      // O_NONBLOCK: a pipe in place of the file keeps nobody waiting
      fd = openSync(this.at(name), flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode)
    } catch (error) {
      const code = systemError(error)?.code
      if (code === 'ENOENT') return undefined
      if (code === 'ELOOP') throw new Untrusted(`${path} is a symbolic link`, 'remove it')
      throw error
    }
    const status = fstatSync(fd)
    const why = !status.isFile() ? 'it is no file' : weakness(status, ownUser())
    if (why === undefined) return fd
    closeSync(fd)
    throw new Untrusted(`${path} can't be trusted: ${why}`, 'remove it')
  }

  /**
   * Makes a socket by `bind` in a new folder that nobody else can enter, gives it its mode and its group there, and then its
   * name: nobody can reach it before.
   * @throws the system's error: EEXIST if there is something of this name
   */
  async makeSocket(
    name: string,
    { mode, group }: { mode: number; group?: number | undefined },
    bind: (path: string) => Promise<void>,
  ): Promise<void> {
    const draft = `.${name}.${processNumber()}`
    if (this.status(draft)) this.#removeDraft(draft)
    mkdirSync(this.at(draft), { mode: 0o700 })
    const folder = this.folder(draft)
    try {
      await bind(folder.at('s'))
      const fd = openSync(folder.at('s'), O_PATH | constants.O_NOFOLLOW)
      try {
        const inode = `/proc/self/fd/${fd}`
        if (group !== undefined) chownSync(inode, ownUser(), group)
        chmodSync(inode, mode)
      } finally {
        closeSync(fd)
      }
      linkSync(folder.at('s'), this.at(name))
    } finally {
      folder.remove('s')
      folder.close()
      this.removeFolder(draft)
    }
  }

  /** What a process of the same number has left that was killed. */
  #removeDraft(draft: string): void {
    const folder = this.folder(draft)
    folder.remove('s')
    folder.close()
    this.removeFolder(draft)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.#fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The number of this process: /proc/self is a link to it. */
function processNumber(): string {
  return readlinkSync('/proc/self')
}

/** A name within a folder. */
function checked(name: string): string {
  if (name === '.' || name === '..' || /[/\0]/.test(name))
    throw new Untrusted(`'${name}' is no name of a file`, 'use another name')
  return name
}

/** As the kernel names it: absolute, and without symbolic links as far as it exists. */
function realPath(path: string): string {
  const absolute = resolve(path)
  try {
    return realpathSync(pathOf(absolute)).toString()
  } catch (error) {
    if (systemError(error)?.code !== 'ENOENT') throw error
    const parent = resolve(absolute, '..')
    return parent === absolute ? absolute : join(realPath(parent), absolute.slice(parent.length))
  }
}

function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (systemError(error)?.code !== 'EEXIST') throw error
  }
}
