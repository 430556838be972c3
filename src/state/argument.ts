/** Values that go from JavaScript to scripts, and the functions that scripts call. */
import { StateError } from './errors.ts'
import type { LuaFunction } from './lua-function.ts'
import type { LuaValue } from './memory.ts'

/** What a binding may return: nothing, one value, or (as a tuple) several. */
export type HostResult = Argument | undefined | Results
/** Marks `Results` of every copy of this module: that of a subsystem from outside isn't the command's own. */
const RESULTS = Symbol.for('moonring.Results')

/** Several results of a binding. */
export class Results {
  readonly [RESULTS] = true

  static [Symbol.hasInstance](value: unknown): value is Results {
    return typeof value === 'object' && value !== null && RESULTS in value
  }

  readonly values: readonly Argument[]

  /** @throws StateError `BAD_VALUE` if that is no array */
  constructor(values: readonly Argument[]) {
    if (!Array.isArray(values))
      throw new StateError('BAD_VALUE', 'Cannot make results of a binding: they are given as one array')
    this.values = values
  }
}

/** A function of an extension binding. Strings arrive as text where they are UTF-8, else as bytes. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions without a result are fine, too
export type HostFunction = (...args: LuaValue[]) => HostResult | void | Promise<HostResult | void>

/** What can be passed to a script. As an argument of a call bytes become a data block that is lent for the call, else a string. */
export type Argument =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | HostFunction
  | LuaFunction
  | readonly Argument[]
  | { readonly [key: string]: Argument }
  | ReadonlyMap<Argument, Argument>
