/** What the translator refuses. */

export type TranslateErrorCode =
  | 'MODULE' // no WebAssembly module
  | 'OPERATOR' // outside the subset
  | 'RECURSION'
  | 'DEPTH' // calls
  | 'STACK' // bytes on a chain of calls
  | 'FUNCTIONS' // too many
  | 'OPTION'

export class TranslateError extends Error {
  readonly code: TranslateErrorCode
  constructor(code: TranslateErrorCode, message: string) {
    super(message)
    this.name = 'TranslateError'
    this.code = code
  }
}
