/** Scopes of names: which variable a name means, and through which upvalues a function reaches it. */

import type { FunctionBody, LocalVariable, Reference, VariableReference } from './ast.ts'
import { Labels } from './labels.ts'
import type { Meter } from './meter.ts'

/** Upvalues of a function, as MAXUPVAL of the reference. */
export const MOST_UPVALUES = 255

const ENVIRONMENT = '_ENV'

/** A function whose names are being resolved. */
export class FunctionScope {
  readonly outer: FunctionScope | undefined
  readonly body: FunctionBody
  readonly labels = new Labels()
  /** Its variables in scope, oldest first. */
  readonly active: LocalVariable[] = []
  /** Upvalue numbers by variable; `_ENV` of the main function under undefined. */
  private readonly upvalues = new Map<LocalVariable | undefined, number>()
  private readonly meter: Meter

  constructor(body: FunctionBody, outer: FunctionScope | undefined, meter: Meter) {
    this.body = body
    this.meter = meter
    this.outer = outer
    if (outer !== undefined) return
    body.upvalues = [{ name: ENVIRONMENT, source: { upvalue: 0 } }]
    this.upvalues.set(undefined, 0)
  }

  /** The number of the upvalue through which this function reaches a variable of `owner`. */
  upvalue(name: string, variable: LocalVariable | undefined, owner: FunctionScope | undefined): number {
    const known = this.upvalues.get(variable)
    if (known !== undefined) return known
    const outer = this.outer!
    const source =
      outer === owner && variable !== undefined
        ? { local: variable }
        : { upvalue: outer.upvalue(name, variable, owner) }
    this.meter.upvalue()
    const index = this.body.upvalues.push({ name, source }) - 1
    this.upvalues.set(variable, index)
    return index
  }
}

interface Binding {
  readonly variable: LocalVariable
  readonly owner: FunctionScope
}

/** All names in scope, and the function whose names are being resolved. */
export class Scopes {
  readonly meter: Meter
  current: FunctionScope
  /** Whether a function has more upvalues than it may. */
  overfull = false
  private readonly bindings = new Map<string, Binding[]>()

  constructor(main: FunctionBody, meter: Meter) {
    this.meter = meter
    this.current = new FunctionScope(main, undefined, meter)
  }

  declare(variable: LocalVariable): void {
    const { current } = this
    current.active.push(variable)
    const bound = this.bindings.get(variable.name)
    if (bound === undefined) this.bindings.set(variable.name, [{ variable, owner: current }])
    else {
      const hidden = bound.at(-1)?.variable
      if (hidden !== undefined) variable.hides = hidden
      bound.push({ variable, owner: current })
    }
  }

  /** Ends the scope of the current function's variables beyond the first `count`. */
  forget(count: number): void {
    const { active } = this.current
    while (active.length > count) this.bindings.get(active.pop()!.name)!.pop()
  }

  /** The variable that a name means, if it is a local of this or an enclosing function. */
  find(name: string): LocalVariable | undefined {
    return this.bindings.get(name)?.at(-1)?.variable
  }

  /** What a name means in the current function; marks variables of enclosing functions as captured. */
  resolve(name: string): Reference {
    const binding = this.bindings.get(name)?.at(-1)
    if (binding !== undefined) return this.reach(name, binding)
    return name === ENVIRONMENT ? this.upvalueReference(name, undefined) : this.global()
  }

  private global(): Reference {
    const binding = this.bindings.get(ENVIRONMENT)?.at(-1)
    if (binding === undefined) return { kind: 'global', env: this.upvalueReference(ENVIRONMENT, undefined) }
    const { constant } = binding.variable
    binding.variable.used = true
    if (constant !== undefined) return { kind: 'global', env: { kind: 'constant', value: constant } }
    return { kind: 'global', env: this.reach(ENVIRONMENT, binding) }
  }

  private reach(name: string, binding: Binding): VariableReference {
    if (binding.owner === this.current) return { kind: 'local', variable: binding.variable }
    binding.variable.captured = true
    return this.upvalueReference(name, binding)
  }

  private upvalueReference(name: string, binding: Binding | undefined): VariableReference {
    const { upvalues } = this.current.body
    const before = upvalues.length
    const index = this.current.upvalue(name, binding?.variable, binding?.owner)
    if (upvalues.length > before) this.checkUpvalues()
    return binding === undefined
      ? { kind: 'upvalue', index }
      : { kind: 'upvalue', index, variable: binding.variable }
  }

  /** An upvalue has been added, to the current function and perhaps to some around it. */
  private checkUpvalues(): void {
    for (let f: FunctionScope | undefined = this.current; f !== undefined; f = f.outer)
      if (f.body.upvalues.length > MOST_UPVALUES) this.overfull = true
  }
}
