/** Reads the signatures of src/isa/reference: `(name: type, name?: type, ...: type): type, type`. */

export interface Parameter {
  readonly name: string
  readonly optional: boolean
  readonly type: string
}

export interface Signature {
  readonly parameters: readonly Parameter[]
  readonly results: readonly string[]
}

/** Pieces of a list, where commas in brackets and in parentheses don't separate. */
function split(list: string): string[] {
  const pieces = list.match(/(?:<[^>]*>|\([^)]*\)|[^,])+/g) ?? []
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

function parameter(text: string): Parameter {
  const [, name, optional, type] = /^([\w.]+)(\?)?: (.+)$/.exec(text) ?? []
  if (name === undefined || type === undefined) throw new Error(`Cannot read the parameter '${text}'`)
  return { name, optional: optional !== undefined, type }
}

/** @throws Error for what is no signature */
export function parseSignature(text: string): Signature {
  const [, parameters, results] = /^\((.*?)\)(?:: (.+))?$/.exec(text) ?? []
  if (parameters === undefined) throw new Error(`Cannot read the signature '${text}'`)
  return { parameters: split(parameters).map(parameter), results: split(results ?? '') }
}

/** The call as people write it: `concat(list, [separator, …])` without types. */
export const callText = (name: string, { parameters }: Signature): string =>
  `${name}(${parameters.map(({ name, optional }) => (optional ? `[${name}]` : name)).join(', ')})`
