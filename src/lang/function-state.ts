/**
 * The function for which code is being generated: its registers, its variables in scope, its blocks.
 * Registers are a stack: variables at the bottom, temporaries above.
 */

import { LIMITS } from '../isa/layout.ts'
import type { Block, Expression, FunctionBody, LabelStatement, LocalVariable } from './ast.ts'
import { CodeBuffer } from './code-buffer.ts'
import type { ConstantPool } from './constant-pool.ts'
import type { DiagnosticArgs, DiagnosticKey } from './diagnostic-table.ts'
import type { Findings } from './diagnostics.ts'
import type { Proto, ProtoLocal } from './proto.ts'
import type { Position } from './source.ts'

/** Thrown when code can't be generated; the reason has been reported. */
export class GenerationEnded extends Error {}

/** Nesting of expressions, which the parser bounds except along chains of comparisons. */
const MOST_DEPTH = 600

/**
 * The passes over expressions, which call each other: they are handed to every function state, so that
 * their files need not import one another.
 */
export interface Passes {
  /** Evaluates an expression into a register. */
  value(f: FunctionState, node: Expression, register: number): void
  /**
   * Jumps that are taken when an expression's truth is `when`; falls through otherwise. `line` is that of the test of a
   * value, if it isn't the value's own.
   */
  jump(f: FunctionState, node: Expression, when: boolean, line?: number): number[]
  /** Evaluates a call or `...` to `count` values (-1: all, an open list) from `f.free` on. */
  values(f: FunctionState, node: Expression, count: number): void
  /** Generates the code of an inner function; returns the number of its proto. */
  inner(f: FunctionState, body: FunctionBody): number
}

/** What the functions of a chunk share. */
export interface ChunkState {
  readonly constants: ConstantPool
  /** Names of variables are left out. */
  readonly strip: boolean
  readonly protos: Proto[]
  readonly findings: Findings
  readonly passes: Passes
  /** Nested expressions that are being generated. */
  depth: number
}

/** A variable in scope, or a hidden one of a loop. */
interface ActiveVariable {
  readonly register: number
  /** Leaving its scope has to close it: it is captured or to be closed. */
  readonly closes: boolean
  readonly toBeClosed: boolean
  readonly scopes: readonly ProtoLocal[]
}

/** A label of an open block. */
export interface LabelState {
  /** Index of the instruction, once it is known. */
  word?: number
  /** Variables in scope there. */
  active: number
  /** Jumps that wait for it. */
  readonly pending: number[]
}

export interface Scope {
  /** Variables in scope outside. */
  readonly outside: number
  readonly labels: Map<LabelStatement, LabelState>
  /** Jumps out of the loop whose scope this is. */
  readonly breaks?: number[]
  /** The code after the loop closes its variables: a break needn't. */
  readonly closesAfter: boolean
}

export class FunctionState {
  readonly chunk: ChunkState
  readonly body: FunctionBody
  readonly outer: FunctionState | undefined
  readonly code = new CodeBuffer()
  readonly locals: ProtoLocal[] = []
  readonly scopes: Scope[] = []
  /** First free register, and the largest it has been. */
  free = 0
  frame = 0
  /** First register that holds no variable. */
  variablesTop = 0
  /** Where the generator is, for findings. */
  at: Position
  private readonly active: ActiveVariable[] = []
  private readonly registers = new Map<LocalVariable, number>()

  constructor(chunk: ChunkState, body: FunctionBody, outer: FunctionState | undefined) {
    this.chunk = chunk
    this.body = body
    this.outer = outer
    this.at = body
  }

  // ---- findings ----

  /** Reports why the function can't be compiled, and gives up. */
  refuse<K extends DiagnosticKey>(key: K, args: DiagnosticArgs<K>): never {
    this.chunk.findings.add(key, args, { ...this.at, reached: Number.MAX_SAFE_INTEGER })
    throw new GenerationEnded()
  }

  /** Counts a step into an expression. */
  descend(): void {
    if (++this.chunk.depth > MOST_DEPTH) this.refuse('tooDeep', { limit: MOST_DEPTH })
  }

  ascend(): void {
    this.chunk.depth--
  }

  // ---- registers ----

  /** Takes `count` registers; returns the first. */
  reserve(count: number): number {
    const first = this.free
    this.free += count
    this.touch(this.free)
    return first
  }

  /** Sees to it that the frame has at least `top` registers. */
  touch(top: number): void {
    if (top > LIMITS.FRAME_REGISTERS) this.refuse('tooManyRegisters', {})
    if (top > this.frame) this.frame = top
  }

  /** Whether a register holds no variable, so that it may be written before a statement's end. */
  isScratch(register: number): boolean {
    return register >= this.variablesTop
  }

  /** Whether a register is the topmost one in use, and holds no variable. */
  isTop(register: number): boolean {
    return register === this.free - 1 && this.isScratch(register)
  }

  registerOf(variable: LocalVariable): number {
    const register = this.registers.get(variable)
    if (register === undefined) throw new Error(`variable ${variable.name} has no register`)
    return register
  }

  /** Index of a string with one char per byte in the constant pool. */
  constant(value: string | bigint): number {
    return this.chunk.constants.index(value)
  }

  /** The same of a name that only debug information needs; if that is left out, one for all. */
  name(value: string): number {
    return this.constant(this.chunk.strip ? '(no name)' : value)
  }

  // ---- variables ----

  /** Begins the scope of a variable, whose value is in `register`. */
  activate(variable: LocalVariable, register: number): ProtoLocal {
    const local = { name: this.name(variable.name), register, start: this.code.here, end: 0 }
    this.locals.push(local)
    this.registers.set(variable, register)
    const toBeClosed = variable.attribute === 'close'
    this.active.push({ register, closes: variable.captured || toBeClosed, toBeClosed, scopes: [local] })
    this.variablesTop = register + 1
    return local
  }

  /** Begins the scope of hidden variables up to the register `last`, the first of which is `first`. */
  activateHidden(first: number, last: number, toBeClosed: boolean): void {
    const scopes: ProtoLocal[] = []
    for (let register = first; register <= last; register++) {
      scopes.push({ name: this.name('(for state)'), register, start: this.code.here, end: 0 })
    }
    this.locals.push(...scopes)
    this.active.push({ register: first, closes: toBeClosed, toBeClosed, scopes })
    this.variablesTop = last + 1
  }

  /** Whether a return has something to close. */
  get closes(): boolean {
    return this.active.some((variable) => variable.closes)
  }

  /** Whether a to-be-closed variable is in scope, so that calls can't be tail calls. */
  get hasToBeClosed(): boolean {
    return this.active.some((variable) => variable.toBeClosed)
  }

  get activeCount(): number {
    return this.active.length
  }

  /** The lowest register that has to be closed if the variables from `from` on go out of scope. */
  closeFrom(from: number): number | undefined {
    for (let i = from; i < this.active.length; i++) {
      if (this.active[i]!.closes) return this.active[i]!.register
    }
    return undefined
  }

  // ---- blocks ----

  /** Opens the scope of a block. */
  enter(block?: Block): void {
    this.open(block)
  }

  /** Opens the scope of a loop; `closesAfter`: what follows the loop closes its variables. */
  enterLoop(closesAfter = false): Scope {
    return this.open(undefined, [], closesAfter)
  }

  private open(block?: Block, breaks?: number[], closesAfter = false): Scope {
    const labels = new Map<LabelStatement, LabelState>()
    for (const node of block?.statements ?? []) {
      if (node.kind === 'Label') labels.set(node, { active: 0, pending: [] })
    }
    const scope = { outside: this.active.length, labels, closesAfter, ...(breaks ? { breaks } : {}) }
    this.scopes.push(scope)
    return scope
  }

  /** Closes the innermost scope; unless told otherwise, closes what it leaves. */
  leave(line: number, close = true): void {
    const scope = this.scopes.pop()!
    const register = this.closeFrom(scope.outside)
    if (close && register !== undefined && this.code.reachable) this.code.abc('CLOSE', register, 0, 0, line)
    while (this.active.length > scope.outside) {
      const { scopes, register: own } = this.active.pop()!
      for (const each of scopes) each.end = this.code.here
      this.variablesTop = own
    }
    this.free = this.variablesTop
  }
}
