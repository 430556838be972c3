/** Subsystems from outside of the package: modules of JavaScript whose default export is one. */

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineSubsystem, type Subsystem } from '../hook/subsystem.ts'
import { CommandError } from './command-error.ts'

/** The subsystem of a module. @throws CommandError `M001`, StateError `BAD_DECLARATION` */
export async function readSubsystem(file: string): Promise<Subsystem> {
  return defineSubsystem(await importSubsystem(file))
}

async function importSubsystem(file: string): Promise<Subsystem> {
  let module: { readonly default?: unknown }
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as typeof module
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new CommandError(
      'M001',
      `Cannot load the subsystem ${file}: ${reason}`,
      'name a module of JavaScript',
    )
  }
  const { default: subsystem } = module
  if (typeof subsystem === 'object' && subsystem !== null && 'hooks' in subsystem)
    return subsystem as Subsystem
  throw new CommandError(
    'M001',
    `Cannot load the subsystem ${file}: it exports none`,
    'export it: export default defineSubsystem({ … })',
  )
}
