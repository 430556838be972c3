/** Options of the commands that make a state: what they mean, and the state made from them. */

import type { Engine } from '../state/engine.ts'
import { LIBRARIES, type Library } from '../state/image.ts'
import { State } from '../state/state.ts'
import { LARGEST, type StateOptions } from '../state/state-options.ts'
import { CommandError, EXIT } from './command-error.ts'
import type { Output } from './output.ts'
import type { Limits } from './script-failure.ts'
import { readModule, type Script } from './script-file.ts'
import { formatSize, optionSize, parseCount, parseSize, parseTime } from './size.ts'

/** As typed. */
export interface StateOptionTexts {
  readonly memory?: string
  readonly fuel?: string
  readonly deadline?: string
  readonly allow?: string
}

/** As understood. */
export interface StateSettings extends Limits {
  readonly largest: number
  readonly libraries: readonly Library[]
}

const DEFAULT_MEMORY = 1 << 20
const LEAST_MEMORY = 1 << 16

/**
 * Understands --memory, --fuel and --allow.
 * @throws CommandError, exit code 2
 */
export function stateSettings(
  texts: StateOptionTexts,
  defaultFuel?: number,
  engine: Engine = 'user',
  defaultMemory = DEFAULT_MEMORY,
): StateSettings {
  return {
    memory: texts.memory === undefined ? defaultMemory : memoryOf(texts.memory, engine),
    largest: LARGEST[engine],
    fuel: texts.fuel === undefined ? defaultFuel : fuelOf(texts.fuel),
    libraries: texts.allow === undefined ? LIBRARIES : librariesOf(texts.allow),
  }
}

function memoryOf(text: string, engine: Engine): number {
  const bytes = parseSize(text)
  if (bytes !== undefined && bytes >= LEAST_MEMORY && bytes <= LARGEST[engine]) return bytes
  const where = engine === 'kernel' ? ' in the kernel' : ''
  throw wrong(
    `--memory '${text}'${where}`,
    `it is no size from 64K to ${engine === 'kernel' ? '128M' : '1G'}`,
    'write e.g. --memory 1M, 256K or 65536',
  )
}

function fuelOf(text: string): number {
  const count = parseCount(text)
  if (count !== undefined) return count
  throw wrong(`--fuel '${text}'`, 'it is no positive number of instructions', 'write e.g. --fuel 1000000')
}

/** Milliseconds. @throws CommandError */
export function deadlineOf(text: string): number {
  const time = parseTime(text)
  if (time !== undefined) return time
  throw wrong(`--deadline '${text}'`, 'it is no time', 'write e.g. --deadline 10ms, 500us or 1s')
}

function librariesOf(text: string): readonly Library[] {
  const names = text.split(',').filter((name) => name !== '' && name !== 'none')
  for (const name of names) {
    if (LIBRARIES.includes(name as Library)) continue
    throw wrong(
      `--allow '${text}'`,
      `there is no library '${name}'`,
      `write any of ${LIBRARIES.join(',')}, or none`,
    )
  }
  return names as Library[]
}

function wrong(what: string, reason: string, hint: string): CommandError {
  return new CommandError('M010', `Cannot use ${what}: ${reason}`, hint, EXIT.usage)
}

/**
 * A state whose `print` writes to `output`.
 * @throws NotPermitted, NotAvailable, VerifierError or KernelError for the engine `kernel`
 */
export function makeState(settings: StateSettings, output: Output, engine: Engine = 'user'): Promise<State> {
  return State.create({ engine, ...driverSettings(settings, output) })
}

/** Options of a state whose `print` writes to `output`. */
export function driverSettings({ memory, fuel, libraries }: StateSettings, output: Output): StateOptions {
  return {
    memory,
    libraries,
    output: (bytes) => output.script(bytes),
    readFile: readModule,
    ...(fuel === undefined ? {} : { fuel }),
  }
}

/** The error for a script whose text alone is more than the state could hold: compiling it would be in vain. */
export function textTooLong({
  memory,
  largest,
}: StateSettings): (name: string, size: number) => CommandError {
  return (name, size) => {
    return new CommandError(
      'M004',
      `Cannot load ${name}: not enough memory: its text has ${formatSize(size)}, the state ${formatSize(memory)}`,
      size * 2 <= largest ? `give the state more, e.g. --memory ${optionSize(size * 2)}` : 'split the script',
    )
  }
}

/** Loads a script and runs its main function. Ctrl-C makes it end with the error `interrupted!`. */
export async function loadInterruptibly(
  state: State,
  { name, text }: Script,
  args: readonly (string | Uint8Array)[],
): Promise<void> {
  const interrupt = () => state.interrupt()
  process.once('SIGINT', interrupt)
  try {
    await state.load(text, { name, args })
  } finally {
    process.off('SIGINT', interrupt)
  }
}
