/** `moonring require`: a module of Lua, found in files here, becomes one that the scripts of a named state can require. */

import { existsSync } from 'node:fs'
import { pathOf } from '../host/printable.ts'
import { check } from '../lang/compile.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { paintFor } from './paint.ts'
import { reportDiagnostics } from './script-failure.ts'
import { readScript, type Script } from './script-file.ts'
import { runIn } from './state-scripts.ts'
import { withState } from './states.ts'

/** Where modules are searched, as package.path has it in scripts that run here. */
const PATH = ['./?.lua', './?/init.lua']

export async function requireModule(name: string, module: string): Promise<ExitCode> {
  const script = readScript(findModule(module))
  const diagnostics = check(script.text, { name: `@${script.name}` })
  if (diagnostics.length > 0) {
    reportDiagnostics(diagnostics, script, paintFor(2))
    return EXIT.failed
  }
  const wrapped = wrap(module, script)
  return withState(name, (state) => runIn(state, wrapped, (write) => state.load(wrapped, write)))
}

/** @throws CommandError `M001` */
function findModule(module: string): string {
  const candidates = PATH.map((template) => template.replace('?', module.replaceAll('.', '/')))
  const found = candidates.find((path) => existsSync(pathOf(path)))
  if (found !== undefined) return found
  const reason = `there is no ${candidates.join(' and no ')}`
  throw new CommandError('M001', `Cannot find the module ${module}: ${reason}`, 'run it where the module is')
}

/** A script that makes the module known and requires it. Lines of the module keep their numbers. */
function wrap(module: string, { name, text }: Script): Script {
  const quoted = JSON.stringify(module)
  const before = Buffer.from(`package.preload[${quoted}] = function(...) `)
  const after = Buffer.from(`\nend require(${quoted})`)
  return { name, text: Buffer.concat([before, text, after]) }
}
