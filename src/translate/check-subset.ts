/** Second pass: refuses what lies outside the subset, naming the operator, the function and the offset. */
import { TranslateError } from './errors.ts'
import type { WasmFunction, WasmModule } from './read-module.ts'

/** Arguments of an eBPF function: registers r1 to r5. */
export const MOST_PARAMETERS = 5

function* refusals(f: WasmFunction, module: WasmModule): Generator<string> {
  const at = (offset: number): string => `in ${f.name} at byte ${offset}`
  for (const type of new Set(f.locals))
    if (type !== 'i32' && type !== 'i64') yield `a local of type ${type} in ${f.name}`
  if (f.type.results.length > 1) yield `${f.type.results.length} results in ${f.name}: at most one`
  if (f.type.parameters.length > MOST_PARAMETERS)
    yield `${f.type.parameters.length} parameters in ${f.name}: at most ${MOST_PARAMETERS}`
  for (const { operator, offset, immediate } of f.body) {
    if (operator.refused !== undefined) yield `${operator.name} ${at(offset)}: ${operator.refused}`
    const global = operator.name === 'global.get' ? module.globals[immediate] : undefined
    if (global && (global.mutable || global.value === undefined))
      yield `global.get of a global that is no constant ${at(offset)}`
  }
}

/** Throws TranslateError that lists everything that is refused, ten findings at the most. */
export function checkSubset(module: WasmModule): void {
  const findings = [...module.outside, ...module.functions.flatMap((f) => [...refusals(f, module)])]
  if (findings.length === 0) return
  const shown = findings.slice(0, 10).map((finding) => `\n  ${finding}`)
  const more = findings.length > 10 ? `\n  and ${findings.length - 10} more` : ''
  throw new TranslateError('OPERATOR', `Cannot translate the module: it has${shown.join('')}${more}`)
}
