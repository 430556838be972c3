/**
 * The one reader of files and of standard input: it stops at a limit in bytes, and takes nothing that has no end. It tells
 * what is wrong by a `ReadError`; callers word it in their own errors.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { pathOf } from './printable.ts'
import { systemError } from './system-error.ts'

/** Why something can't be read. `message` stands behind `Cannot read X: `. */
export class ReadError extends Error {
  override readonly name = 'ReadError'
  /** `large`: it has more bytes than the limit. */
  readonly kind: 'large' | 'directory' | 'endless' | 'system'
  /** What to do. */
  readonly hint: string
  /** Bytes that it has as far as they are known, for `large`. */
  readonly size: number
  /** The system's error. */
  readonly errno: string | undefined

  constructor(kind: ReadError['kind'], message: string, hint: string, size = 0, errno?: string) {
    super(message)
    this.kind = kind
    this.hint = hint
    this.size = size
    this.errno = errno
  }
}

export interface ReadLimits {
  /** Bytes that there may be. */
  readonly most: number
  /** Looks at the first bytes, before the rest is read; what it throws ends the reading. */
  readonly first?: (bytes: Uint8Array) => void
}

const PIECE = 1 << 16
/** The size of a buffer is doubled up to here. */
const LARGEST_PIECE = 1 << 24
const STANDARD_INPUT = 0

/**
 * The bytes of a file; `-` is standard input.
 * @throws ReadError, and what `first` throws
 */
export function readBounded(path: string, limits: ReadLimits): Buffer {
  const isInput = path === '-'
  const descriptor = isInput ? STANDARD_INPUT : open(path)
  try {
    return readDescriptor(descriptor, limits)
  } finally {
    if (!isInput) closeSync(descriptor)
  }
}

function open(path: string): number {
  try {
    // O_NOCTTY: reading a terminal doesn't make it ours
    return openSync(pathOf(path), constants.O_RDONLY | constants.O_NOCTTY)
  } catch (error) {
    throw asReadError(error)
  }
}

/** The same of an open file, from where it stands. @throws ReadError, and what `first` throws */
export function readDescriptor(descriptor: number, { most, first }: ReadLimits): Buffer {
  const status = statusOf(descriptor)
  refuseEndless(status)
  if (status.size > most) throw tooLarge(most, status.size)
  const pieces: Buffer[] = []
  let size = 0
  let room = Math.min(Math.max(status.size + 1, PIECE), LARGEST_PIECE)
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(room, most + 1 - size))
    const count = readPiece(descriptor, piece)
    if (count === 0) break
    if (size === 0) first?.(piece.subarray(0, count))
    pieces.push(count === piece.length ? piece : piece.subarray(0, count))
    size += count
    if (size > most) throw tooLarge(most, size)
    room = Math.min(Math.max(room, size), LARGEST_PIECE)
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size)
}

function statusOf(descriptor: number): Stats {
  try {
    return fstatSync(descriptor)
  } catch (error) {
    throw asReadError(error)
  }
}

/** /dev/null of Linux: major number 1, minor 3. Terminals have the majors 4, 5 and 136 to 143. */
const NULL_DEVICE = 0x103
const TERMINALS = [4, 5, 136, 137, 138, 139, 140, 141, 142, 143]

/** Directories, and devices that give bytes for ever or are the machine's disks. */
function refuseEndless(status: Stats): void {
  if (status.isDirectory())
    throw new ReadError('directory', 'it is a directory', 'name a file in it', 0, 'EISDIR')
  const isTerminal = TERMINALS.includes((status.rdev >> 8) & 0xfff)
  const isEndless = status.isCharacterDevice() && status.rdev !== NULL_DEVICE && !isTerminal
  if (isEndless || status.isBlockDevice())
    throw new ReadError('endless', 'it is a device, which need not end', 'name a file, or - for a pipe')
}

function readPiece(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece)
    } catch (error) {
      const code = systemError(error)?.code
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw asReadError(error)
      pause()
    }
  }
}

/** A moment in which the other end of a pipe that doesn't block can go on. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

function tooLarge(most: number, size: number): ReadError {
  return new ReadError('large', `it has more than ${most} bytes`, 'split it', size)
}

function asReadError(error: unknown): unknown {
  const known = systemError(error)
  if (known === undefined) return error
  if (known.code === 'EISDIR') return new ReadError('directory', known.reason, known.remedy, 0, known.code)
  return new ReadError('system', known.reason, known.remedy, 0, known.code)
}
