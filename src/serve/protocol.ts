/**
 * What a server and its clients say to each other over the control socket, one JSON document a line.
 * docs/serve.md tells the same in words.
 */
import type { LogRecord, StateDescription } from '../named/description.ts'
import type { Field } from '../named/fields.ts'
import type { AttachOptions, CreateOptions } from '../named/named-state.ts'
import type { WireBytes } from './wire-bytes.ts'
import type { WireError } from './wire-error.ts'

/** Raised when a client of before could misunderstand. */
export const PROTOCOL = 1
/** Bytes of a line, at most: texts of scripts are the longest. */
export const LONGEST_LINE = 16 << 20

export interface WireScript {
  readonly name: string
  readonly text: WireBytes
}

interface Named {
  readonly name: string
}

/** Methods of requests: their parameters and results. */
export interface Methods {
  readonly create: { readonly params: Named & { readonly options: CreateOptions }; readonly result: null }
  readonly describe: { readonly params: Named; readonly result: StateDescription }
  readonly list: { readonly params: Record<string, never>; readonly result: readonly StateDescription[] }
  readonly load: { readonly params: Named & { readonly script: WireScript }; readonly result: null }
  readonly evaluate: { readonly params: Named & { readonly script: WireScript }; readonly result: null }
  readonly fields: { readonly params: Named & { readonly path: string }; readonly result: readonly Field[] }
  readonly attach: {
    readonly params: Named & { readonly hook: string; readonly options: AttachOptions }
    readonly result: null
  }
  readonly detach: { readonly params: Named & { readonly hook?: string }; readonly result: number }
  readonly log: {
    readonly params: Named & { readonly after: number }
    readonly result: { readonly records: readonly LogRecord[]; readonly next: number; readonly lost: number }
  }
  readonly destroy: { readonly params: Named; readonly result: boolean }
  /** Makes what another request of the connection runs, or waits for, end with an error. */
  readonly interrupt: { readonly params: { readonly request: number }; readonly result: null }
}

export type Method = keyof Methods

export interface Request<M extends Method = Method> {
  /** Any integer that no request under way on the connection has. */
  readonly id: number
  readonly method: M
  readonly params: Methods[M]['params']
}

/** The first line from the server to a client that it accepts. */
export interface Greeting {
  /** The server's version. */
  readonly moonring: string
  readonly protocol: number
  /** The server's process. */
  readonly pid: number
}

/** All further lines from the server: any number of outputs of a request, then its result or its error. */
export type Answer =
  | { readonly id: number; readonly output: WireBytes }
  | { readonly id: number; readonly result: unknown }
  /** Without a number: the line was no request, or the client is refused. */
  | { readonly id: number | null; readonly error: WireError }
