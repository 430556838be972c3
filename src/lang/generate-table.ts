/** Table constructors. */

import type { TableExpression, TableField } from './ast.ts'
import { isOpen } from './fold.ts'
import type { FunctionState } from './function-state.ts'
import { OPEN } from './generate-suffix.ts'
import { emitSet, toAny, toKey, toNext } from './operand.ts'

/** List elements that are kept in registers before they are stored. */
const FLUSH = 50
/** B of a SETLIST that stores up to top. */
const UP_TO_TOP = 255
const MOST_FIELDS = 255

/**
 * A table into a register. The list elements are stored from the registers above the table's, so it is
 * built there unless `register` is the topmost one.
 */
export function table(f: FunctionState, node: TableExpression, register: number): void {
  const mark = f.free
  const elements = node.fields.filter(({ key }) => key === undefined)
  const inPlace = f.isTop(register) || (elements.length === 0 && f.isScratch(register))
  const at = inPlace ? register : f.reserve(1)
  const last = node.fields.at(-1)
  const open = last !== undefined && last.key === undefined && isOpen(last.value)
  const listed = elements.length - (open ? 1 : 0)
  const named = Math.min(node.fields.length - elements.length, MOST_FIELDS)
  f.code.abd('NEWTABLE', at, named, listed, node.line)
  fillTable(f, node, at, open ? last : undefined)
  if (!inPlace) f.code.abc('MOVE', register, at, 0, node.line)
  f.free = mark
}

function fillTable(f: FunctionState, node: TableExpression, at: number, open: TableField | undefined): void {
  const base = f.free
  let stored = 0
  let pending = 0
  const flush = (count: number, line: number) => {
    f.code.abd('SETLIST', at, count, stored, line)
    stored += pending
    pending = 0
    f.free = base
  }
  for (const field of node.fields) {
    if (field === open) {
      f.chunk.passes.values(f, field.value, OPEN)
      flush(UP_TO_TOP, field.line)
      return
    }
    if (field.key !== undefined) setField(f, at, field)
    else {
      toNext(f, field.value)
      if (++pending === FLUSH) flush(pending, field.line)
    }
  }
  if (pending > 0) flush(pending, node.line)
}

function setField(f: FunctionState, at: number, field: TableField): void {
  const mark = f.free
  const key = toKey(f, field.key!)
  const value = toAny(f, field.value)
  emitSet(f, value, at, key, field.line)
  f.free = mark
}
