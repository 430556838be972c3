/** Arithmetic, bitwise and unary operators, and concatenation. */

import type {
  ArithmeticOperator,
  BinaryExpression,
  BinaryOperator,
  ConcatExpression,
  Expression,
  UnaryExpression,
} from './ast.ts'
import type { FunctionState } from './function-state.ts'
import { asInt32, nameNumber, nameOperand, toAny, toNext } from './operand.ts'

const OPCODE: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'ADD',
  '-': 'SUB',
  '*': 'MUL',
  '/': 'DIV',
  '//': 'IDIV',
  '%': 'MOD',
  '^': 'POW',
  '&': 'BAND',
  '|': 'BOR',
  '~': 'BXOR',
  '<<': 'SHL',
  '>>': 'SHR',
}

/** Operators with an immediate form, and the constants that it takes. */
const IMMEDIATE: Readonly<Partial<Record<BinaryOperator, (d: number) => boolean>>> = {
  '+': () => true,
  '-': () => true,
  '*': () => true,
  '//': (d) => d !== 0,
  '%': (d) => d !== 0,
  '&': () => true,
  '<<': (d) => d >= 0 && d < 64,
  '>>': (d) => d >= 0 && d < 64,
}

/** A chain of arithmetic operators, which leans left, into a register. */
export function arithmetic(f: FunctionState, top: BinaryExpression, register: number): void {
  const mark = f.free
  const spare = f.isScratch(register) ? register : undefined
  const spine: BinaryExpression[] = []
  let base: Expression = top
  while (base.kind === 'Binary' && base.operator in OPCODE) {
    spine.push(base)
    base = base.left
  }
  let left = toAny(f, base, spare)
  for (let node = spine.pop(); node !== undefined; node = spine.pop()) {
    const target = node === top ? register : (spare ?? (left >= mark ? left : f.reserve(1)))
    const temporaries = f.free
    emitOperator(f, node, target, left)
    f.free = temporaries
    left = target
  }
  f.free = mark
}

function emitOperator(f: FunctionState, node: BinaryExpression, target: number, left: number): void {
  const op = OPCODE[node.operator as ArithmeticOperator]
  const immediate = asInt32(node.right)
  if (immediate !== undefined && IMMEDIATE[node.operator]?.(immediate)) {
    nameNumber(f, f.code.abd(`${op}I`, target, left, immediate, node.line), 0, node.left)
    return
  }
  const right = toAny(f, node.right)
  const at = f.code.abc(op, target, left, right, node.line)
  nameNumber(f, at, 0, node.left)
  nameNumber(f, at, 1, node.right)
}

const UNARY_OPCODE = { '-': 'UNM', '~': 'BNOT', '#': 'LEN', not: 'NOT' } as const

/** A unary operator into a register. */
export function unary(f: FunctionState, node: UnaryExpression, register: number): void {
  const mark = f.free
  const operand = toAny(f, node.operand, f.isScratch(register) ? register : undefined)
  const at = f.code.abc(UNARY_OPCODE[node.operator], register, operand, 0, node.line)
  if (node.operator !== 'not') nameNumber(f, at, 0, node.operand)
  f.free = mark
}

/** Operands of one CONCAT that have names. */
const MOST_NAMED = 63
/** The reference refuses longer chains; here they are concatenated in groups from the left. */
const MOST_OPERANDS = 200
const GROUP = 50

/** A concatenation into a register: its operands in consecutive registers, then one instruction. */
export function concatenation(
  f: FunctionState,
  { operands, line }: ConcatExpression,
  register: number,
): void {
  const mark = f.free
  if (f.isTop(register)) f.free--
  const first = f.free
  const group = operands.length > MOST_OPERANDS ? GROUP : operands.length
  let count = 0
  let from = 0
  for (let i = 0; i < operands.length; i++) {
    toNext(f, operands[i]!)
    count++
    if (count < group && i + 1 < operands.length) continue
    const at = f.code.abc('CONCAT', first, count, 0, line)
    const shift = from === 0 ? 0 : 1
    for (let n = from; n <= i && n - from < MOST_NAMED; n++) {
      nameOperand(f, at, n - from + shift, operands[n]!)
    }
    from = i + 1
    count = 1
    f.free = first + 1
  }
  if (first !== register) f.code.abc('MOVE', register, first, 0, line)
  f.free = mark
}
