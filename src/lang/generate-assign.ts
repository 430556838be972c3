/** Assignments and declarations: lists of values to lists of places, in the reference's order. */

import type {
  AssignStatement,
  AssignTarget,
  Expression,
  FunctionStatement,
  IndexExpression,
  LocalStatement,
  LocalVariable,
  NameExpression,
} from './ast.ts'
import { isOpen } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import { environment, nameEnvironment } from './generate-suffix.ts'
import {
  emitSet,
  isShort,
  type Key,
  nameNumber,
  toAny,
  toKey,
  toNext,
  toRegister,
  upvalueOf,
} from './operand.ts'

/**
 * Evaluates a list to exactly `wanted` values in new registers; returns the first. A call or `...` at the
 * end gives what is missing; other values that are missing are nil, and those too many are dropped.
 */
export function adjusted(
  f: FunctionState,
  list: readonly Expression[],
  wanted: number,
  line: number,
): number {
  const first = f.free
  for (let i = 0; i < list.length; i++) {
    const node = list[i]!
    const missing = wanted - i
    if (i === list.length - 1 && missing > 1 && isOpen(node)) {
      f.chunk.passes.values(f, node, missing)
      f.reserve(missing)
    } else toNext(f, node)
  }
  const missing = first + wanted - f.free
  if (missing > 0) f.code.abc('LOADNIL', f.reserve(missing), missing - 1, 0, line)
  f.free = first + wanted
  return first
}

/** local a <const>, b = … */
export function localStatement(f: FunctionState, node: LocalStatement): void {
  const first = f.free
  if (node.variables.some(({ constant }) => constant !== undefined)) mixedLocals(f, node)
  else {
    adjusted(f, node.values, node.variables.length, node.line)
    activateAll(f, node.variables, first)
  }
  for (const variable of node.variables) {
    if (variable.attribute === 'close') f.code.abc('TBC', f.registerOf(variable), 0, 0, node.lastLine)
  }
}

/** A list of which some variables are compile-time constants, which have no registers. */
function mixedLocals(f: FunctionState, { variables, values, line }: LocalStatement): void {
  const first = f.free
  const kept = variables.filter(({ constant }) => constant === undefined)
  const list = values.filter((_, i) => variables[i]?.constant === undefined)
  const last = list.at(-1)
  // a call that was not the last value of the statement has one value
  if (last !== undefined && last !== values.at(-1))
    list[list.length - 1] = { ...last, kind: 'Paren', inner: last }
  adjusted(f, list, kept.length, line)
  activateAll(f, kept, first)
}

/** Begins the scopes of variables in consecutive registers. */
export function activateAll(f: FunctionState, variables: readonly LocalVariable[], first: number): void {
  for (const [i, variable] of variables.entries()) f.activate(variable, first + i)
}

// ---- places ----

/** Where a value goes, with what has to be evaluated for that in registers. */
type Place =
  | { readonly kind: 'register'; readonly register: number }
  | { readonly kind: 'upvalue'; readonly upvalue: number; readonly line: number }
  | { readonly kind: 'field'; readonly object: number; readonly key: Key; readonly node: AssignTarget }
  | { readonly kind: 'upvalueField'; readonly upvalue: number; readonly name: string }

function toPlace(f: FunctionState, node: AssignTarget, later: readonly AssignTarget[] = []): Place {
  return node.kind === 'Name' ? placeOfName(f, node) : placeOfField(f, node, later)
}

function placeOfName(f: FunctionState, node: NameExpression): Place {
  const reference = node.reference!
  if (reference.kind === 'local') return { kind: 'register', register: f.registerOf(reference.variable) }
  if (reference.kind === 'upvalue') return { kind: 'upvalue', upvalue: reference.index, line: node.line }
  const { env } = reference
  if (env.kind === 'upvalue' && isShort(node.name)) {
    return { kind: 'upvalueField', upvalue: env.index, name: node.name }
  }
  const object = environment(f, node)
  const key = toKey(f, { kind: 'String', value: node.name, line: node.line, column: node.column })
  return { kind: 'field', object, key, node }
}

/** A variable that a later target of the same statement assigns to is copied: its old value counts. */
function placeOfField(f: FunctionState, node: IndexExpression, later: readonly AssignTarget[]): Place {
  const { object, key } = node
  const copied = (part: Expression) => later.some((target) => isSameVariable(part, target))
  const upvalue = upvalueOf(object)
  if (upvalue !== undefined && key.kind === 'String' && isShort(key.value) && !copied(object)) {
    return { kind: 'upvalueField', upvalue, name: key.value }
  }
  const register = copied(object) ? toNext(f, object) : toAny(f, object)
  const keyRegister = copied(key) ? ({ kind: 'register', register: toNext(f, key) } as const) : undefined
  return { kind: 'field', object: register, key: keyRegister ?? toKey(f, key), node }
}

function isSameVariable(a: Expression, b: AssignTarget): boolean {
  if (a.kind !== 'Name' || b.kind !== 'Name') return false
  const [x, y] = [a.reference!, b.reference!]
  if (x.kind === 'local') return y.kind === 'local' && x.variable === y.variable
  return x.kind === 'upvalue' && y.kind === 'upvalue' && x.index === y.index
}

/** Stores the value of a register. */
function store(f: FunctionState, place: Place, register: number, line: number): void {
  const { code } = f
  switch (place.kind) {
    case 'register':
      if (place.register !== register) code.abc('MOVE', place.register, register, 0, line)
      break
    case 'upvalue':
      code.abc('SETUPVAL', register, place.upvalue, 0, line)
      break
    case 'field': {
      const at = emitSet(f, register, place.object, place.key, line)
      const { node } = place
      if (node.kind === 'Index') nameNumber(f, at, 0, node.object)
      else if (node.reference?.kind === 'global') nameEnvironment(f, at, node.reference)
      break
    }
    case 'upvalueField':
      code.abd('SETTABUP', register, place.upvalue, f.constant(place.name), line)
  }
}

/** Evaluates an expression and stores it: a local variable is the destination itself. */
function assignValue(f: FunctionState, place: Place, node: Expression, line: number): void {
  if (place.kind === 'register') toRegister(f, node, place.register)
  else store(f, place, toAny(f, node), line)
}

/** a, b.c = … : places are evaluated first, then values; the last value is stored first. */
export function assignStatement(f: FunctionState, node: AssignStatement): void {
  const { targets, values, lastLine: line } = node
  const mark = f.free
  f.touch(targets.length)
  const places = targets.map((target, i) => toPlace(f, target, targets.slice(i + 1)))
  const last = places.length - 1
  if (values.length === places.length) {
    const first = f.free
    for (let i = 0; i < last; i++) toNext(f, values[i]!)
    assignValue(f, places[last]!, values[last]!, line)
    for (let i = last - 1; i >= 0; i--) store(f, places[i]!, first + i, line)
  } else {
    const first = adjusted(f, values, places.length, line)
    for (let i = last; i >= 0; i--) store(f, places[i]!, first + i, line)
  }
  f.free = mark
}

/** function a.b:c() … end */
export function functionStatement(f: FunctionState, { target, body, line, column }: FunctionStatement): void {
  const mark = f.free
  const place = toPlace(f, target)
  assignValue(f, place, { kind: 'Function', body, line, column }, line)
  f.free = mark
}
