/**
 * A slow, strict evaluator of chunks, for tests of the code generator: instructions do what the table in
 * src/isa/opcodes.ts says and no more, and every register that a call destroys is poisoned, so that code
 * which relies on one fails.
 */

import { LITERAL } from './code-buffer.ts'
import { ALL_LIVE } from './live-registers.ts'
import { type Instruction, type ReadChunk, type ReadProto, readChunk } from './read-chunk.ts'

export type Value = undefined | boolean | bigint | string | Table | Closure | Builtin | Poison
type Builtin = (args: Value[]) => Value[]

const POISON = Symbol('poison')
type Poison = typeof POISON

export class Table {
  readonly map = new Map<Value, Value>()
  meta: Table | undefined

  get length(): bigint {
    let n = 0n
    while (this.map.get(n + 1n) !== undefined) n++
    return n
  }
}

interface Cell {
  frame?: Value[]
  index: number
  value: Value
}

class Closure {
  readonly proto: ReadProto
  readonly cells: Cell[]

  constructor(proto: ReadProto, cells: Cell[]) {
    this.proto = proto
    this.cells = cells
  }
}

/** An error raised by a script. */
export class Raised extends Error {
  readonly value: Value

  constructor(value: Value) {
    super(String(value))
    this.value = value
  }
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)

export function raise(message: string): never {
  throw new Raised(message)
}

/** Runs a chunk with the given globals and arguments; returns its results. */
export function evaluate(bytes: Uint8Array, globals: Table, args: Value[] = []): Value[] {
  const chunk = readChunk(bytes)
  const main = new Closure(chunk.protos.at(-1)!, [{ index: 0, value: globals }])
  return callValue(chunk, main, args)
}

export function callValue(chunk: ReadChunk, callee: Value, args: Value[]): Value[] {
  if (typeof callee === 'function') return callee(args)
  if (callee instanceof Closure) return new Frame(chunk, callee, args).run()
  const handler = metamethod(callee, '__call')
  if (handler === undefined) raise(`attempt to call a ${typeOf(callee)} value`)
  return callValue(chunk, handler, [callee, ...args])
}

export function typeOf(value: Value): string {
  if (value === undefined) return 'nil'
  if (value instanceof Table) return 'table'
  if (typeof value === 'bigint') return 'number'
  return value instanceof Closure ? 'function' : typeof value
}

function metamethod(value: Value, event: string): Value {
  return value instanceof Table ? value.meta?.map.get(event) : undefined
}

const truthy = (value: Value): boolean => value !== undefined && value !== false

class Frame {
  private readonly chunk: ReadChunk
  private readonly closure: Closure
  private readonly registers: Value[]
  private readonly extra: Value[]
  private readonly at = new Map<number, number>()
  private open: Cell[] = []
  private toBeClosed: number[] = []
  private top = 0
  private next = 0

  constructor(chunk: ReadChunk, closure: Closure, args: Value[]) {
    const { proto } = closure
    this.chunk = chunk
    this.closure = closure
    this.registers = Array.from({ length: proto.frame }, (_, i) => (i < proto.parameters ? args[i] : POISON))
    this.extra = args.slice(proto.parameters)
    for (const [i, { word }] of proto.code.entries()) this.at.set(word, i)
  }

  run(): Value[] {
    const { code, vararg, live } = this.closure.proto
    if (vararg !== (code[0]?.opcode.name === 'VARARGPREP')) throw new Error('VARARGPREP')
    try {
      for (;;) {
        const instruction = code[this.next++]!
        this.forget(live[instruction.word]!)
        const results = this.step(instruction)
        if (results) return results
      }
    } catch (error) {
      if (error instanceof Raised) this.close(0, error.value)
      throw error
    }
  }

  /** What the collector may take for unused is gone. */
  private forget(live: number): void {
    if (live === ALL_LIVE) return
    for (let i = live; i < this.registers.length; i++) this.registers[i] = POISON
  }

  private get(register: number): Value {
    if (register >= this.registers.length) throw new Error(`register ${register} is outside of the frame`)
    const value = this.registers[register]
    if (value === POISON) throw new Error(`register ${register} holds nothing`)
    return value
  }

  private set(register: number, value: Value): void {
    if (register >= this.closure.proto.frame) throw new Error(`register ${register} is outside of the frame`)
    this.registers[register] = value
  }

  private constant(index: number): bigint | string {
    return this.chunk.constants[index]!
  }

  private cell(index: number): Cell {
    return this.closure.cells[index]!
  }

  private readCell(index: number): Value {
    const { frame, index: register, value } = this.cell(index)
    return frame ? frame[register] : value
  }

  private close(from: number, error?: Value): void {
    while (this.toBeClosed.length > 0 && this.toBeClosed.at(-1)! >= from) {
      const value = this.registers[this.toBeClosed.pop()!]
      callValue(this.chunk, metamethod(value, '__close'), [value, error])
    }
    for (const cell of this.open) {
      if (cell.index < from) continue
      cell.value = this.registers[cell.index]
      delete cell.frame
    }
    this.open = this.open.filter(({ frame }) => frame)
  }

  /** Values from `first` on, `count` of them or up to top. */
  private list(first: number, count: number): Value[] {
    const end = count < 0 ? this.top : first + count
    return Array.from({ length: end - first }, (_, i) =>
      count < 0 ? this.registers[first + i] : this.get(first + i),
    )
  }

  private setList(first: number, values: Value[], count: number): void {
    if (count >= 0) {
      for (let i = 0; i < count; i++) this.set(first + i, values[i])
      return
    }
    this.registers.splice(first, this.registers.length, ...values)
    while (this.registers.length < this.closure.proto.frame) this.registers.push(POISON)
    this.top = first + values.length
  }

  private call(first: number, args: Value[], results: number): void {
    const callee = this.get(first)
    this.get0(first + 1)
    for (let i = first; i < this.registers.length; i++) this.registers[i] = POISON
    this.registers.length = this.closure.proto.frame
    this.setList(first, callValue(this.chunk, callee, args), results)
  }

  /** The link has to be within the frame. */
  private get0(register: number): void {
    if (register >= this.closure.proto.frame) throw new Error('the link is outside of the frame')
  }

  private index(object: Value, key: Value): Value {
    if (object instanceof Table) {
      const value = object.map.get(key)
      const handler = value === undefined ? metamethod(object, '__index') : undefined
      if (handler === undefined) return value
      return handler instanceof Table
        ? this.index(handler, key)
        : callValue(this.chunk, handler, [object, key])[0]
    }
    return raise(`attempt to index a ${typeOf(object)} value`)
  }

  private setIndex(object: Value, key: Value, value: Value): void {
    if (!(object instanceof Table)) raise(`attempt to index a ${typeOf(object)} value`)
    const handler = object.map.get(key) === undefined ? metamethod(object, '__newindex') : undefined
    if (handler !== undefined) callValue(this.chunk, handler, [object, key, value])
    else if (value === undefined) object.map.delete(key)
    else object.map.set(key, value)
  }

  private arithmetic(op: string, a: Value, b: Value): Value {
    if (typeof a === 'bigint' && typeof b === 'bigint') return integer(op, a, b)
    const event = `__${op.toLowerCase()}`
    const handler = metamethod(a, event) ?? metamethod(b, event)
    if (handler !== undefined) return callValue(this.chunk, handler, [a, b])[0]
    return raise(`attempt to perform arithmetic on a ${typeOf(typeof a === 'bigint' ? b : a)} value`)
  }

  private less(a: Value, b: Value, orEqual: boolean): boolean {
    if (typeof a === 'bigint' && typeof b === 'bigint') return orEqual ? a <= b : a < b
    if (typeof a === 'string' && typeof b === 'string') return orEqual ? a <= b : a < b
    const event = orEqual ? '__le' : '__lt'
    const handler = metamethod(a, event) ?? metamethod(b, event)
    if (handler !== undefined) return truthy(callValue(this.chunk, handler, [a, b])[0])
    return raise(`attempt to compare ${typeOf(a)} with ${typeOf(b)}`)
  }

  private equal(a: Value, b: Value): boolean {
    if (a === b || !(a instanceof Table && b instanceof Table)) return a === b
    const handler = metamethod(a, '__eq') ?? metamethod(b, '__eq')
    return handler !== undefined && truthy(callValue(this.chunk, handler, [a, b])[0])
  }

  private concat(values: Value[]): Value {
    let right = values.at(-1)
    for (const left of values.slice(0, -1).reverse()) {
      const plain = [left, right].every((v) => typeof v === 'string' || typeof v === 'bigint')
      const handler = metamethod(left, '__concat') ?? metamethod(right, '__concat')
      if (plain) right = `${String(left)}${String(right)}`
      else if (handler !== undefined) right = callValue(this.chunk, handler, [left, right])[0]
      else raise(`attempt to concatenate a ${typeOf(left)} value`)
    }
    return right
  }

  private jump({ word, d, literal }: Instruction): void {
    const target = this.at.get(word + (literal ? 2 : 1) + d / 8)
    if (target === undefined) throw new Error(`jump to ${word + 1 + d / 8}`)
    this.next = target
  }

  private step(i: Instruction): Value[] | undefined {
    const { a, b, c, d } = i
    const { name } = i.opcode
    if (name.startsWith('J')) {
      if (this.test(i)) this.jump(i)
      return undefined
    }
    switch (name) {
      case 'MOVE':
        this.set(a, this.get(b))
        break
      case 'LOADI':
        this.set(a, BigInt(d))
        break
      case 'LOADK':
        this.set(a, this.constant(d))
        break
      case 'LOADNIL':
        for (let r = a; r <= a + b; r++) this.set(r, undefined)
        break
      case 'LOADFALSE':
        this.set(a, false)
        break
      case 'LOADTRUE':
        this.set(a, true)
        break
      case 'GETUPVAL':
        this.set(a, this.readCell(b))
        break
      case 'SETUPVAL': {
        const { frame, index } = this.cell(b)
        if (frame) frame[index] = this.get(a)
        else this.cell(b).value = this.get(a)
        break
      }
      case 'GETTABUP':
        this.set(a, this.index(this.readCell(b), this.constant(d)))
        break
      case 'SETTABUP':
        this.setIndex(this.readCell(b), this.constant(d), this.get(a))
        break
      case 'GETFIELD':
        this.set(a, this.index(this.get(b), this.constant(d)))
        break
      case 'SETFIELD':
        this.setIndex(this.get(b), this.constant(d), this.get(a))
        break
      case 'GETTABLE':
        this.set(a, this.index(this.get(b), this.get(c)))
        break
      case 'SETTABLE':
        this.setIndex(this.get(b), this.get(c), this.get(a))
        break
      case 'GETI':
        this.set(a, this.index(this.get(b), BigInt(d)))
        break
      case 'SETI':
        this.setIndex(this.get(b), BigInt(d), this.get(a))
        break
      case 'SELF': {
        const object = this.get(b)
        this.set(a + 2, object)
        this.set(a, this.index(object, this.constant(d)))
        break
      }
      case 'NEWTABLE':
        this.set(a, new Table())
        break
      case 'SETLIST': {
        const table = this.get(a)
        const values = this.list(a + 1, b === 255 ? -1 : b)
        for (const [n, value] of values.entries()) this.setIndex(table, BigInt(d + n + 1), value)
        break
      }
      case 'UNM':
        this.set(a, this.arithmetic('SUB', 0n, this.get(b)))
        break
      case 'BNOT':
        this.set(a, this.arithmetic('BXOR', -1n, this.get(b)))
        break
      case 'NOT':
        this.set(a, !truthy(this.get(b)))
        break
      case 'LEN': {
        const value = this.get(b)
        const handler = metamethod(value, '__len')
        if (handler !== undefined) this.set(a, callValue(this.chunk, handler, [value])[0])
        else if (typeof value === 'string') this.set(a, BigInt(value.length))
        else if (value instanceof Table) this.set(a, value.length)
        else raise(`attempt to get length of a ${typeOf(value)} value`)
        break
      }
      case 'CONCAT': {
        const values = this.list(a, b)
        for (let r = a; r < a + b; r++) this.registers[r] = POISON
        this.set(a, this.concat(values))
        break
      }
      case 'FORPREP':
      case 'FORLOOP':
        this.numericFor(i)
        break
      case 'TFORPREP':
        if (this.get(a + 3) !== undefined) this.toBeClosed.push(a + 3)
        this.jump(i)
        break
      case 'TFORCALL':
        for (const [from, to] of [
          [a, a + 4],
          [a + 1, a + 6],
          [a + 2, a + 7],
        ] as const) {
          this.set(to, this.get(from))
        }
        this.call(a + 4, this.list(a + 6, 2), c)
        break
      case 'TFORLOOP':
        if (this.get(a + 4) === undefined) break
        this.set(a + 2, this.get(a + 4))
        this.jump(i)
        break
      case 'CALL':
        this.call(a, this.list(a + 2, b - 1), c - 1)
        break
      case 'TAILCALL': {
        const args = this.list(a + 2, b - 1)
        const callee = this.get(a)
        if (this.open.length > 0 && c !== 1) throw new Error('TAILCALL leaves upvalues open')
        if (this.toBeClosed.length > 0) throw new Error('TAILCALL with a to-be-closed variable')
        this.close(0)
        return callValue(this.chunk, callee, args)
      }
      case 'RETURN': {
        const values = this.list(a, b - 1)
        if (c !== 1 && this.open.length + this.toBeClosed.length > 0)
          throw new Error('RETURN leaves upvalues open')
        this.close(0)
        return values
      }
      case 'RETURN0':
      case 'RETURN1':
        if (this.open.length + this.toBeClosed.length > 0) throw new Error(`${name} leaves upvalues open`)
        if (this.closure.proto.vararg) throw new Error(`${name} in a vararg function`)
        return name === 'RETURN0' ? [] : [this.get(a)]
      case 'VARARGPREP':
        break
      case 'VARARG':
        this.setList(a, this.extra, c - 1)
        break
      case 'CLOSURE':
        this.set(a, this.makeClosure(this.chunk.protos[d]!))
        break
      case 'CLOSE':
        this.close(a)
        break
      case 'TBC': {
        const value = this.get(a)
        if (!truthy(value)) break
        if (metamethod(value, '__close') === undefined) raise('variable got a non-closable value')
        this.toBeClosed.push(a)
        break
      }
      default: {
        const immediate = name.endsWith('I')
        const op = immediate ? name.slice(0, -1) : name
        this.set(a, this.arithmetic(op, this.get(b), immediate ? BigInt(d) : this.get(c)))
      }
    }
    return undefined
  }

  private makeClosure(proto: ReadProto): Closure {
    const cells = proto.upvalues.map(({ inStack, index }) => {
      if (!inStack) return this.cell(index)
      const known = this.open.find((cell) => cell.index === index)
      if (known) return known
      const cell: Cell = { frame: this.registers, index, value: undefined }
      this.open.push(cell)
      return cell
    })
    return new Closure(proto, cells)
  }

  private numericFor(i: Instruction): void {
    const { a } = i
    const [start, limit, step] = [this.get(a), this.get(a + 1), this.get(a + 2)]
    if (typeof start !== 'bigint' || typeof limit !== 'bigint' || typeof step !== 'bigint') {
      raise("'for' values must be numbers")
    }
    if (step === 0n) raise("'for' step is zero")
    const index = i.opcode.name === 'FORPREP' ? start : start + step
    const goes = step > 0n ? index <= limit : index >= limit
    if (goes) {
      this.set(a, index)
      this.set(a + 3, index)
    }
    if (goes === (i.opcode.name === 'FORLOOP')) this.jump(i)
  }

  private test(i: Instruction): boolean {
    const { a, b, e } = i
    const name = i.opcode.name
    switch (name) {
      case 'JMP':
        return true
      case 'JT':
        return truthy(this.get(a))
      case 'JF':
        return !truthy(this.get(a))
      case 'JTSET':
      case 'JFSET':
        if (truthy(this.get(b)) !== (name === 'JTSET')) return false
        this.set(a, this.get(b))
        return true
      case 'JEQK':
      case 'JNEK': {
        const { kind, index } = i.literal!
        const plain = kind === LITERAL.nil ? undefined : kind === LITERAL.true
        const value = kind === LITERAL.constant ? this.constant(index) : plain
        return (this.get(a) === value) === (name === 'JEQK')
      }
    }
    const negated = name[1] === 'N'
    const [relation, immediate] = [name.slice(negated ? 2 : 1, negated ? 4 : 3), name.endsWith('I')]
    const x = this.get(a)
    const y = immediate ? BigInt(e) : this.get(b)
    return this.compare(name === 'JNE' || name === 'JNEI' ? 'EQ' : relation, x, y) !== negated
  }

  private compare(relation: string, x: Value, y: Value): boolean {
    switch (relation) {
      case 'EQ':
        return this.equal(x, y)
      case 'LT':
        return this.less(x, y, false)
      case 'LE':
        return this.less(x, y, true)
      case 'GT':
        return this.less(y, x, false)
      case 'GE':
        return this.less(y, x, true)
      default:
        throw new Error(relation)
    }
  }
}

function integer(op: string, a: bigint, b: bigint): bigint {
  const floor = (x: bigint, y: bigint) => (x % y !== 0n && x < 0n !== y < 0n ? x / y - 1n : x / y)
  const shift = (x: bigint, n: bigint): bigint => {
    if (n <= -64n || n >= 64n) return 0n
    return n >= 0n ? x << n : BigInt.asUintN(64, x) >> -n
  }
  if (b === 0n && op.endsWith('DIV')) raise("attempt to perform 'n//0'")
  if (b === 0n && op === 'MOD') raise("attempt to perform 'n%%0'")
  switch (op) {
    case 'ADD':
      return wrap(a + b)
    case 'SUB':
      return wrap(a - b)
    case 'MUL':
      return wrap(a * b)
    case 'DIV':
    case 'IDIV':
      return wrap(floor(a, b))
    case 'MOD':
      return wrap(a - floor(a, b) * b)
    case 'BAND':
      return a & b
    case 'BOR':
      return a | b
    case 'BXOR':
      return a ^ b
    case 'SHL':
      return wrap(shift(a, b))
    case 'SHR':
      return wrap(shift(a, -b))
    default:
      throw new Error(`no operator ${op}`)
  }
}
