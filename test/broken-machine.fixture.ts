/**
 * Machines that lack something, as a process sees them: a script that Node runs before the command, and that
 * makes system calls fail, takes koffi away, or changes what the machine is.
 */
import { writeFileSync } from 'node:fs'
import { arch, constants } from 'node:os'
import { join } from 'node:path'
import { CALL_NUMBERS } from '../src/ffi/call-numbers.ts'
import type { ScratchFolder } from './command.fixture.ts'

const NUMBERS = CALL_NUMBERS[arch()]

/** Code for the script. */
export type Fault = string

/** An error of errno(3). */
type ErrorName = keyof typeof constants.errno

/** Loading koffi ends with an error that has a code. */
export const koffiFails = (code: string, message: string): Fault => `
  const Module = require('node:module')
  const load = Module._load
  Module._load = function (request, ...rest) {
    if (request !== 'koffi') return load.call(this, request, ...rest)
    throw Object.assign(new Error(${JSON.stringify(message)}), { code: ${JSON.stringify(code)} })
  }`

/** System calls fail for which the condition, over \`number\` and \`args\`, holds. */
const callsFail = (condition: string, error: ErrorName): Fault => `
  const Module = require('node:module')
  const load = Module._load
  let failed = 0
  const spoilt = (raw) => (number, ...args) => {
    failed = ${condition} ? ${constants.errno[error]} : 0
    return failed === 0 ? raw(number, ...args) : -1
  }
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest)
    if (request !== 'koffi') return loaded
    return Object.create(loaded, {
      errno: { value: () => failed || loaded.errno() },
      load: { value: (...a) => ({ func: (...b) => spoilt(loaded.load(...a).func(...b)) }) },
    })
  }`

/** bpf(2) fails: every command, or one of them. */
export const bpfFails = (error: ErrorName, command?: number): Fault =>
  callsFail(
    `number === ${NUMBERS?.bpf}${command === undefined ? '' : ` && Number(args[0]) === ${command}`}`,
    error,
  )

/** mmap(2) fails. */
export const mmapFails = (error: ErrorName): Fault => callsFail(`number === ${NUMBERS?.mmap}`, error)

/** The machine is another one: \`arch\` or \`platform\` of node:os. */
export const machineIs = (what: 'arch' | 'platform', name: string): Fault => `
  require('node:os').${what} = () => ${JSON.stringify(name)}
  require('node:module').syncBuiltinESMExports()`

/** A file isn't there. */
export const fileIsMissing = (path: string): Fault => `
  const fs = require('node:fs')
  const read = fs.readFileSync
  fs.readFileSync = (path, ...rest) => {
    if (path !== ${JSON.stringify(path)}) return read(path, ...rest)
    throw Object.assign(new Error('ENOENT: no such file or directory, open ' + path), { code: 'ENOENT' })
  }
  require('node:module').syncBuiltinESMExports()`

/** The environment in which a command runs on such a machine. */
export function environmentOf(fault: Fault, work: ScratchFolder): NodeJS.ProcessEnv {
  const file = join(work.path, 'fault.cjs')
  writeFileSync(file, fault)
  return { NODE_OPTIONS: `--require ${file}` }
}
