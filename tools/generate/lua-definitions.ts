/** lua/library/*.lua: definitions of the libraries for editors with the Lua language server (LuaLS). */
import {
  BASIC,
  type ClassEntry,
  type FunctionEntry,
  type LibraryEntry,
  REFERENCE,
} from '../../src/isa/reference/index.ts'
import { parseSignature } from './signature.ts'

function functionText(name: string, [signature, text]: FunctionEntry): string {
  const { parameters, results } = parseSignature(signature)
  const lines = [`---${text}`]
  for (const { name: parameter, optional, type } of parameters)
    lines.push(`---@param ${parameter}${optional ? '?' : ''} ${type}`)
  for (const type of results) lines.push(`---@return ${type}`)
  lines.push(`function ${name}(${parameters.map((parameter) => parameter.name).join(', ')}) end`)
  return lines.join('\n')
}

/** A class is a local table, whose name is that of the type with a line for the dot. */
function classText(name: string, { text, fields, methods }: ClassEntry): string {
  const local = name.replace('.', '_')
  const head = [`---${text}`, `---@class ${name}`]
  for (const [field, { type, text: about }] of Object.entries(fields))
    head.push(`---@field ${field} ${type} ${about}`)
  const parts = [[...head, `local ${local} = {}`].join('\n')]
  for (const [method, entry] of Object.entries(methods)) parts.push(functionText(`${local}:${method}`, entry))
  return parts.join('\n\n')
}

/** A type for the callback, since scripts define it. */
function callbackText(name: string, [signature, text]: FunctionEntry): string {
  const { parameters, results } = parseSignature(signature)
  const list = parameters.map(({ name: parameter, type }) => `${parameter}: ${type}`).join(', ')
  const result = results.length > 0 ? `: ${results.join(', ')}` : ''
  return `---${text}\n---@alias moonring.${name} fun(${list})${result}`
}

function libraryText(library: string, entry: LibraryEntry): string {
  const basic = library === BASIC
  const qualified = (name: string): string => (basic ? name : `${library}.${name}`)
  const [meta, local] = entry.module ? [`---@meta ${library}`, 'local '] : ['---@meta', '']
  const parts = [meta, '-- Generated from src/isa/reference by tools/generate.ts. Do not edit.']
  for (const [name, about] of Object.entries(entry.classes ?? {})) parts.push(classText(name, about))
  if (!basic) parts.push(`---${entry.text}\n---@class ${library}lib\n${local}${library} = {}`)
  for (const [name, { type, text }] of Object.entries(entry.values ?? {}))
    parts.push(`---${text}\n---@type ${type}\n${qualified(name)} = nil`)
  for (const [name, about] of Object.entries(entry.functions))
    parts.push(functionText(qualified(name), about))
  for (const [name, about] of Object.entries(entry.callbacks ?? {})) parts.push(callbackText(name, about))
  if (entry.module) parts.push(`return ${library}`)
  return `${parts.join('\n\n')}\n`
}

/** Paths of the files, with what makes them. */
export const luaDefinitions = (): Record<string, () => string> =>
  Object.fromEntries(
    Object.entries(REFERENCE).map(([library, entry]) => [
      `lua/library/${library}.lua`,
      () => libraryText(library, entry),
    ]),
  )
