/** The variables that a statement of a generated program can use, by the type of their values. */

/** Types that the generator distinguishes; `object` is a table with a metatable. */
export type Type = 'int' | 'str' | 'tab' | 'object' | 'any' | 'function'

export interface Variable {
  readonly name: string
  readonly type: Type
  /** It may not be assigned to. */
  readonly fixed: boolean
  /** A function that yields, and so can be called in coroutines only. */
  readonly yields: boolean
}

/** What surrounds a statement. */
export interface Place {
  /** `...` has a meaning. */
  readonly vararg: boolean
  /** It runs in a coroutine, with nothing in between that can't be suspended. */
  readonly yieldable: boolean
  /** `break` has a meaning. */
  readonly loop: boolean
  /** An error is caught. */
  readonly guarded: boolean
}

/** Variables of the enclosing blocks, the innermost last. */
export class Scope {
  #variables: Variable[] = []
  #count = 0
  place: Place = { vararg: true, yieldable: false, loop: false, guarded: false }

  /** A name that is used nowhere else, or now and then one that hides another. */
  fresh(prefix: string, hide: boolean): string {
    const hidden = this.#variables.at(-1)
    return hide && hidden !== undefined && !hidden.fixed ? hidden.name : `${prefix}${++this.#count}`
  }

  declare(name: string, type: Type, { fixed = false, yields = false } = {}): void {
    this.#variables = this.#variables.filter((v) => v.name !== name)
    this.#variables.push({ name, type, fixed, yields })
  }

  /** Variables of a type; of functions those that can be called here. */
  of(type: Type): readonly Variable[] {
    return this.#variables.filter((v) => v.type === type && (!v.yields || this.place.yieldable))
  }

  assignable(type: Type): readonly Variable[] {
    return this.of(type).filter((v) => !v.fixed)
  }

  /** What `make` declares is forgotten afterwards; `place` holds meanwhile. */
  within<T>(place: Partial<Place>, make: () => T): T {
    const before = { variables: this.#variables, place: this.place }
    this.#variables = [...before.variables]
    this.place = { ...this.place, ...place }
    try {
      return make()
    } finally {
      this.#variables = before.variables
      this.place = before.place
    }
  }
}
