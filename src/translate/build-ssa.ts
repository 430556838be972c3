/**
 * Fourth pass: makes the intermediate code of a function from its instructions, and from those of the
 * functions that are to be put into it. WebAssembly's control is structured, so that the graph and the values
 * follow in one walk.
 */
import { constant, foldBinary, foldCompare, foldConvert } from './fold.ts'
import {
  type BinaryOp,
  Block,
  type Condition,
  type Func,
  type Node,
  type NodeKind,
  newBlock,
  newNode,
  type Terminator,
  type UnaryOp,
} from './ir.ts'
import type { Body } from './plan-inlining.ts'
import type { WasmFunction, WasmInstruction, WasmModule } from './read-module.ts'
import { Variables } from './ssa-variables.ts'
import type { WasmType } from './wasm-operators.ts'

interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if'
  /** Where a branch to this label goes. */
  readonly target: Block
  /** Where control goes on behind the end; the same block but for loops. */
  readonly after: Block | undefined
  /** The variable of the label's value. */
  readonly result: number | undefined
  readonly height: number
  otherwise: Block | undefined
}

/** A body that is being walked. */
interface Walk {
  readonly source: WasmFunction
  readonly body: Body
  readonly locals: number[]
  readonly frames: Frame[]
  site: number
}

const RESULTS: readonly (WasmType | undefined)[] = [undefined, 'i32', 'i64']
const LOAD = /^(i32|i64)\.load(\d*)(_s)?/
const STORE = /^(i32|i64)\.store(\d*)/
const COMPARE = /^i\d\d\.((?:eq|ne|[lg][te]_[su]))$/
const BINARY = /^(i\d\d)\.(add|sub|mul|div_s|div_u|rem_s|rem_u|and|or|xor|shl|shr_s|shr_u|rotl|rotr)$/
const UNARY = /^(i\d\d)\.(clz|ctz|popcnt|extend8_s|extend16_s|extend32_s)$/

class SsaBuilder {
  readonly #module: WasmModule
  readonly #f: Func
  readonly #vars: Variables
  readonly #stack: Node[] = []
  #current: Block | undefined
  #placed = 0
  #position = -1

  constructor(module: WasmModule, f: Func) {
    this.#module = module
    this.#f = f
    this.#vars = new Variables(f)
  }

  build(body: Body): void {
    const f = this.#f
    this.#vars.seal(f.entry)
    this.#enter(f.entry)
    const args = f.parameters.map((type, index) => {
      const node = this.#node('param', type, [])
      node.index = index
      return node
    })
    const value = this.#inline(body, args)
    if (this.#current) this.#finish({ kind: 'return', value, position: this.#position })
    f.blocks.sort((a, b) => a.order - b.order)
  }

  /** Walks a body with these arguments. What it returns, in the block where its returns meet. */
  #inline(body: Body, args: readonly Node[]): Node | undefined {
    const source = this.#module.functions[body.callee] as WasmFunction
    const after = newBlock(this.#f)
    const type = source.type.results[0]
    const result = type && this.#vars.declare(type)
    const height = this.#stack.length
    const locals = source.locals.map((local) => this.#vars.declare(local))
    const walk: Walk = { source, body, locals, frames: [], site: 0 }
    const entry = this.#current as Block
    locals.forEach((variable, i) => {
      const value = args[i] ?? constant(this.#f, source.locals[i] as WasmType, 0n, entry)
      this.#vars.write(variable, entry, value)
    })
    walk.frames.push({ kind: 'function', target: after, after, result, height, otherwise: undefined })
    this.#walk(walk)
    return result === undefined || !this.#current ? undefined : this.#vars.read(result, this.#current)
  }

  #walk(walk: Walk): void {
    let skipped = 0 // blocks that begin in code that is never reached
    for (const instruction of walk.source.body) {
      const { name } = instruction.operator
      if (!this.#current) {
        if (name === 'block' || name === 'loop' || name === 'if') skipped++
        else if (name === 'call') walk.site++
        else if (name === 'end' && skipped > 0) skipped--
        else if (name === 'end') this.#end(walk)
        else if (name === 'else' && skipped === 0) this.#else(walk)
        continue
      }
      this.#position = instruction.offset
      this.#step(walk, instruction)
    }
  }

  #step(walk: Walk, { operator: { name }, immediate, labels, long }: WasmInstruction): void {
    const type = name.slice(0, 3) as WasmType
    switch (name) {
      case 'nop':
        return
      case 'unreachable':
        this.#finish({ kind: 'trap', position: this.#position })
        return
      case 'block':
      case 'loop':
      case 'if':
        this.#begin(walk, name, RESULTS[immediate])
        return
      case 'else':
        this.#else(walk)
        return
      case 'end':
        this.#end(walk)
        return
      case 'br':
        this.#branchTo(walk, immediate)
        return
      case 'br_if':
        this.#branchIf(walk, immediate)
        return
      case 'br_table':
        this.#switch(walk, labels as number[])
        return
      case 'return':
        this.#branchTo(walk, walk.frames.length - 1)
        return
      case 'call':
        this.#call(walk, immediate)
        return
      case 'drop':
        this.#pop()
        return
      case 'select':
        this.#select()
        return
      case 'local.get':
        this.#push(this.#vars.read(walk.locals[immediate] as number, this.#current as Block))
        return
      case 'local.set':
        this.#vars.write(walk.locals[immediate] as number, this.#current as Block, this.#pop())
        return
      case 'local.tee':
        this.#vars.write(walk.locals[immediate] as number, this.#current as Block, this.#top())
        return
      case 'global.get': {
        const { value, type: globalType } = this.#module.globals[immediate] as {
          value: bigint
          type: WasmType
        }
        this.#push(constant(this.#f, globalType, value, this.#current as Block))
        return
      }
      case 'i32.const':
        this.#push(constant(this.#f, type, BigInt(immediate), this.#current as Block))
        return
      case 'i64.const':
        this.#push(constant(this.#f, type, long as bigint, this.#current as Block))
        return
      default:
        this.#compute(name, immediate)
    }
  }

  /** Operators that compute a value, and accesses to memory. */
  #compute(name: string, immediate: number): void {
    const block = this.#current as Block
    const load = LOAD.exec(name)
    if (load) {
      this.#push(
        this.#access('load', load[1] as WasmType, [this.#pop()], load, immediate, load[3] !== undefined),
      )
      return
    }
    const store = STORE.exec(name)
    if (store) {
      const value = this.#pop()
      this.#access('store', undefined, [this.#pop(), value], store, immediate, false)
      return
    }
    if (name.endsWith('.eqz')) {
      const a = this.#pop()
      this.#push(foldCompare(this.#f, 'eq', a, constant(this.#f, a.type as WasmType, 0n, block), block))
      return
    }
    const compare = COMPARE.exec(name)
    if (compare) {
      const b = this.#pop()
      this.#push(foldCompare(this.#f, compare[1] as Condition, this.#pop(), b, block))
      return
    }
    const binary = BINARY.exec(name)
    if (binary) {
      this.#binary(binary[2] as BinaryOp, binary[1] as WasmType)
      return
    }
    const unary = UNARY.exec(name)
    if (unary) {
      this.#push(this.#node('unary', unary[1] as WasmType, [this.#pop()], unary[2] as UnaryOp))
      return
    }
    const kind = name === 'i32.wrap_i64' ? 'wrap' : name.endsWith('_s') ? 'extend_s' : 'extend_u'
    const a = this.#pop()
    this.#push(foldConvert(this.#f, kind, a, block) ?? this.#node(kind, kind === 'wrap' ? 'i32' : 'i64', [a]))
  }

  #binary(op: BinaryOp, type: WasmType): void {
    const b = this.#pop()
    const a = this.#pop()
    const folded = foldBinary(this.#f, op, type, a, b, this.#current as Block)
    this.#push(folded ?? this.#node('binary', type, [a, b], op))
  }

  #access(
    kind: 'load' | 'store',
    type: WasmType | undefined,
    args: Node[],
    match: RegExpExecArray,
    offset: number,
    signed: boolean,
  ): Node {
    const node = this.#node(kind, type, args)
    const bits = match[2] ? Number(match[2]) : match[1] === 'i32' ? 32 : 64
    node.bytes = (bits / 8) as Node['bytes']
    node.offset = offset
    node.signed = signed
    return node
  }

  #select(): void {
    const condition = this.#pop()
    const b = this.#pop()
    const a = this.#pop()
    if (condition.kind === 'const') {
      this.#push(condition.value !== 0n ? a : b)
      return
    }
    this.#push(a === b ? a : this.#node('select', a.type, [condition, a, b]))
  }

  #call(walk: Walk, callee: number): void {
    const source = this.#module.functions[callee] as WasmFunction
    const args = source.type.parameters.map(() => this.#pop()).reverse()
    const site = walk.body.sites[walk.site++]
    let value: Node | undefined
    if (site?.inlined) {
      value = this.#inline(site.inlined, args)
      if (!this.#current) return
    } else {
      value = this.#node('call', source.type.results[0], args)
      value.index = callee
    }
    if (source.type.results.length > 0) this.#push(value as Node)
  }

  #begin(walk: Walk, kind: 'block' | 'loop' | 'if', type: WasmType | undefined): void {
    const result = type && this.#vars.declare(type)
    const condition = kind === 'if' ? this.#pop() : undefined
    const height = this.#stack.length
    const after = newBlock(this.#f)
    if (kind === 'loop') {
      this.#finish({ kind: 'jump', target: after })
      this.#enter(after)
      walk.frames.push({ kind, target: after, after: undefined, result, height, otherwise: undefined })
      return
    }
    if (!condition) {
      walk.frames.push({ kind, target: after, after, result, height, otherwise: undefined })
      return
    }
    const then = newBlock(this.#f)
    const otherwise = newBlock(this.#f)
    walk.frames.push({ kind, target: after, after, result, height, otherwise })
    this.#branch(condition, then, otherwise)
    this.#vars.seal(then)
    this.#vars.seal(otherwise)
    this.#enter(then)
  }

  #else(walk: Walk): void {
    const frame = walk.frames.at(-1) as Frame
    this.#leave(frame)
    this.#enter(frame.otherwise as Block)
    frame.otherwise = undefined
  }

  #end(walk: Walk): void {
    const frame = walk.frames.pop() as Frame
    if (frame.kind === 'loop') {
      this.#vars.seal(frame.target)
      return // control simply goes on, and a value stays where it is
    }
    this.#leave(frame)
    if (frame.otherwise) {
      this.#enter(frame.otherwise)
      this.#leave(frame)
    }
    const after = frame.after as Block
    this.#vars.seal(after)
    this.#enter(after)
    if (this.#current && frame.result !== undefined && frame.kind !== 'function')
      this.#push(this.#vars.read(frame.result, after))
  }

  /** Goes to the end of a frame, if control comes here at all. */
  #leave(frame: Frame): void {
    if (this.#current) {
      if (frame.result !== undefined) this.#vars.write(frame.result, this.#current, this.#pop())
      this.#finish({ kind: 'jump', target: frame.target })
    }
    this.#stack.length = frame.height
  }

  #frameOf(walk: Walk, label: number): Frame {
    return walk.frames[walk.frames.length - 1 - label] as Frame
  }

  /** The value that a branch to this label carries stays on the stack. */
  #carry(frame: Frame): void {
    if (frame.kind !== 'loop' && frame.result !== undefined)
      this.#vars.write(frame.result, this.#current as Block, this.#top())
  }

  #branchTo(walk: Walk, label: number): void {
    const frame = this.#frameOf(walk, label)
    this.#carry(frame)
    this.#finish({ kind: 'jump', target: frame.target })
  }

  #branchIf(walk: Walk, label: number): void {
    const condition = this.#pop()
    const frame = this.#frameOf(walk, label)
    this.#carry(frame)
    const next = newBlock(this.#f)
    this.#branch(condition, frame.target, next)
    this.#vars.seal(next)
    this.#enter(next)
  }

  #switch(walk: Walk, labels: readonly number[]): void {
    const index = this.#pop()
    const targets = labels.map((label) => {
      const frame = this.#frameOf(walk, label)
      this.#carry(frame)
      return frame.target
    })
    if (index.kind === 'const') {
      const chosen = Number(BigInt.asUintN(32, index.value))
      const target = targets[Math.min(chosen, targets.length - 1)] as Block
      this.#finish({ kind: 'jump', target })
      return
    }
    this.#finish({ kind: 'switch', index, targets, position: this.#position })
  }

  #branch(condition: Node, then: Block, otherwise: Block): void {
    if (condition.kind === 'const')
      this.#finish({ kind: 'jump', target: condition.value !== 0n ? then : otherwise })
    else if (then === otherwise) this.#finish({ kind: 'jump', target: then })
    else this.#finish({ kind: 'branch', condition, taken: then, otherwise, position: this.#position })
  }

  /** Ends the current block. */
  #finish(end: Terminator): void {
    const block = this.#current as Block
    block.end = end
    const targets =
      end.kind === 'jump'
        ? [end.target]
        : end.kind === 'branch'
          ? [end.taken, end.otherwise]
          : end.kind === 'switch'
            ? [...new Set(end.targets)]
            : []
    for (const target of targets) target.preds.push(block)
    this.#current = undefined
  }

  /** Goes on in a block, unless nothing leads there. */
  #enter(block: Block): void {
    if (block !== this.#f.entry && block.preds.length === 0) {
      this.#current = undefined
      return
    }
    block.order = this.#placed++
    this.#f.blocks.push(block)
    this.#current = block
  }

  #node(kind: NodeKind, type: WasmType | undefined, args: Node[], op?: Node['op']): Node {
    const block = this.#current as Block
    const node = newNode(this.#f, kind, type, args, block)
    node.op = op
    node.position = this.#position
    block.nodes.push(node)
    return node
  }

  #push(node: Node): void {
    this.#stack.push(node)
  }

  #pop(): Node {
    return this.#stack.pop() as Node
  }

  #top(): Node {
    return this.#stack.at(-1) as Node
  }
}

/** The intermediate code of a body. */
export function buildSsa(module: WasmModule, body: Body): Func {
  const source = module.functions[body.callee] as WasmFunction
  const entry = new Block(0)
  const f: Func = {
    name: source.name,
    index: body.callee,
    parameters: source.type.parameters,
    result: source.type.results[0],
    entry,
    blocks: [],
    nodeCount: 0,
    blockCount: 1,
  }
  new SsaBuilder(module, f).build(body)
  return f
}
