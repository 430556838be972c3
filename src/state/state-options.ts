/** Options of states: what they mean, and the memory that a new state begins with. */
import { randomBytes } from 'node:crypto'
import { G, MEMORY } from '../isa/layout.ts'
import { checkOptions, FUNCTION, integerBetween, LIST, oneOf, shown } from './check-options.ts'
import type { Engine } from './engine.ts'
import { StateError } from './errors.ts'
import { imageFor, LIBRARIES, type Library, WITHOUT_FILES } from './image.ts'
import type { StateMemory } from './memory.ts'
import type { ValueForms } from './value-forms.ts'

export interface StateOptions {
  /** Where the VM runs; default: in user space. */
  engine?: Engine
  /** Bytes of memory, 64 KiB to 1 GiB, in the kernel to 128 MiB; default 1 MiB. */
  memory?: number
  /** Instructions that one call may execute; default: no limit. */
  fuel?: number
  /** Libraries besides the basic functions; default: all, but `package` only where there are files to read. */
  libraries?: readonly Library[]
  /** Receives what `print` and `warn` write. */
  output?: (text: Uint8Array) => void
  /**
   * Reads a file for `require`, `loadfile` and `dofile`; throws an error that says why it can't. Without this, scripts
   * see no files.
   */
  readFile?: (path: string) => Uint8Array
  /** Instructions that run at a stretch before others get a turn; default: a few milliseconds' worth. */
  slice?: number
  /** What tables become that are no sequences: a Map (default), or an object, `plain`. See ValueForms. */
  tables?: ValueForms['tables']
  /** What integers become: numbers where they are safe, else bigints (`auto`, default); or always the one or the other. */
  integers?: ValueForms['integers']
  /** Seed of string hashes and math.random; default: random. */
  seed?: number
}

/** Instructions per slice: a few milliseconds; between slices of an asynchronous call others get a turn. */
const SLICE = 1_000_000
/** The same in the kernel, which stops what runs for 250 ms by the clock, whoever else wants the processor. */
const KERNEL_SLICE = 100_000
const NO_LIMIT = 2 ** 53
/**
 * Bytes of memory, at most. A table that fills the memory grows in one instruction: in the kernel it must be done
 * before the limits on loops are reached.
 */
export const LARGEST: Readonly<Record<Engine, number>> = { user: 1 << 30, kernel: 1 << 27 }

const processSeed = randomBytes(4).readInt32LE()

/** Beyond what one call could execute in a human life. */
const MOST_FUEL = Number.MAX_SAFE_INTEGER

const KINDS = {
  engine: oneOf('user', 'kernel'),
  fuel: integerBetween(0, MOST_FUEL, 'an integer from 0 on'),
  slice: integerBetween(1, 0x7fffffff),
  seed: integerBetween(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'an integer below 2^53'),
  libraries: LIST,
  tables: oneOf('map', 'plain'),
  integers: oneOf('auto', 'bigint', 'number'),
  output: FUNCTION,
  readFile: FUNCTION,
}

/**
 * The memory and the libraries that are asked for.
 * @throws StateError `BAD_OPTION`
 */
export function checkStateOptions(options: StateOptions): {
  limit: number
  libraries: readonly Library[]
} {
  const largest = LARGEST[options?.engine === 'kernel' ? 'kernel' : 'user']
  const memory = integerBetween(MEMORY.SMALLEST_LIMIT, largest, `64 KiB to ${largest >>> 20} MiB in bytes`)
  checkOptions('Cannot create a state', options, { ...KINDS, memory })
  const limit = options.memory ?? MEMORY.DEFAULT_LIMIT
  const libraries = options.libraries ?? (options.readFile ? LIBRARIES : WITHOUT_FILES)
  checkLibraries('Cannot create a state', libraries)
  return { limit, libraries }
}

/** @throws StateError `BAD_OPTION` of names that no library has */
export function checkLibraries(action: string, libraries: readonly Library[]): void {
  for (const library of libraries)
    if (!LIBRARIES.includes(library))
      throw new StateError(
        'BAD_OPTION',
        `${action}: no library ${shown(library)}; there are ${LIBRARIES.join(', ')}`,
      )
}

/** Instructions per slice. */
export function sliceOf({ slice, engine }: StateOptions): number {
  return slice ?? (engine === 'kernel' ? KERNEL_SLICE : SLICE)
}

/** Writes a new state into memory: the image of its libraries, its limits and seeds. */
export function fillMemory(
  memory: StateMemory,
  options: StateOptions,
  libraries: readonly Library[],
  limit: number,
): void {
  const seed = options.seed ?? processSeed
  memory.bytes.set(imageFor(libraries, seed))
  memory.setWord(G.LIMIT, limit & ~7)
  memory.setCount(G.CALL_FUEL, Math.min(options.fuel ?? NO_LIMIT, NO_LIMIT))
  memory.setWord(G.SLICE, sliceOf(options))
  memory.bytes.set(options.seed === undefined ? randomBytes(32) : seedBytes(seed), G.RANDOM)
}

/** 32 bytes from a seed, none of them all zero (splitmix64's constants). */
function seedBytes(seed: number): Uint8Array {
  const bytes = new BigUint64Array(4)
  let x = BigInt.asUintN(64, BigInt(seed))
  for (let i = 0; i < 4; i++) {
    x = BigInt.asUintN(64, x + 0x9e3779b97f4a7c15n)
    let z = x
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    bytes[i] = z ^ (z >> 31n)
  }
  return new Uint8Array(bytes.buffer)
}
