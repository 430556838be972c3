/**
 * A text assembler: from text to a program spec. One statement a line, comments from `;` or `//` on:
 *
 *     static func main(ctx)              ; or global; arguments come in r1 to r5
 *       r6 = r1
 *       r1 = value counters+8 ll         ; a byte of an array map's only value
 *       r2 = map arena ll
 *       call bpf_ktime_get_ns            ; a helper
 *       call kfunc bpf_dynptr_from_skb   ; a function of the kernel's BTF
 *       call function enter              ; of this text, or of a library for linkSpecs
 *     again:
 *       may_goto out
 *       if r0 s> 5 goto again            ; or goto +3, in instructions from the following one
 *     out:
 *       r0 = 0
 *       exit
 *
 * All other instructions are as in `instruction-table.ts`. A number and a colon before an instruction, as in
 * listings, mean nothing. Text without a header is `static func main(ctx)`.
 */
import { AssemblyError } from './errors.ts'
import { parseInstruction } from './grammar.ts'
import { encode, type Instruction } from './instruction.ts'
import type { Form } from './instruction-table.ts'
import type { Operands } from './operand.ts'
import type { FunctionSpec, ProgramSpec, Reference } from './program-spec.ts'
import { type Token, tokenize } from './tokens.ts'

/** A line of the text, for errors. */
interface Line {
  readonly number: number
  readonly text: string
  readonly tokens: readonly Token[]
}

/** A jump or call whose distance follows once all labels are known. */
interface Pending {
  readonly kind: 'label' | 'callee'
  readonly index: number
  readonly token: Token
  readonly line: Line
  readonly field: 'offset' | 'imm'
}

/** Bytes in a name that the kernel's BTF takes. */
const LONGEST_NAME = 63

function problem(line: Line, token: Token, reason: string): AssemblyError {
  return new AssemblyError(line.number, token.column, reason, line.text)
}

function expected(line: Line, token: Token, what: readonly string[]): AssemblyError {
  const found = token.kind === 'end' ? 'the line ends' : `found "${token.text}"`
  const shown = what.length > 8 ? [...what.slice(0, 8), '…'] : what
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : shown.join('')
  return problem(line, token, `${found}, expected ${list}.`)
}

class Assembler {
  readonly #instructions: Instruction[] = []
  readonly #functions: FunctionSpec[] = []
  readonly #references: Reference[] = []
  /** Labels of the current function. */
  readonly #labels = new Map<string, number>()
  #jumps: Pending[] = []
  readonly #calls: Pending[] = []

  line(line: Line): void {
    const { tokens } = line
    if (tokens[0]!.kind === 'end') return
    const [first, second] = tokens.map((token) => token.text)
    if (first === 'func' || (second === 'func' && (first === 'static' || first === 'global'))) {
      this.#header(line)
      return
    }
    if (this.#functions.length === 0) this.#addFunction('main', 'static', 1)
    let at = 0
    while (tokens[at + 1]?.text === ':') {
      if (tokens[at]!.kind !== 'number') this.#label(line, tokens[at]!)
      at += 2
    }
    if (tokens[at]!.kind !== 'end') this.#instruction(line, at)
  }

  finish(): ProgramSpec {
    this.#endFunction()
    for (const call of this.#calls) {
      const callee = this.#functions.find(({ name }) => name === call.token.text)
      if (callee !== undefined) this.#resolve(call, callee.start)
      else this.#references.push({ kind: 'function', at: call.index, name: call.token.text })
    }
    this.#references.sort((a, b) => a.at - b.at)
    return {
      instructions: encode(this.#instructions),
      functions: this.#functions,
      references: this.#references,
    }
  }

  /** `static func name(a, b)`; the names of the arguments say only how many there are. */
  #header(line: Line): void {
    const { tokens } = line
    const linkage = tokens[0]!.text === 'global' ? 'global' : 'static'
    let at = tokens[0]!.text === 'func' ? 1 : 2
    const name = tokens[at]!
    if (name.kind !== 'name') throw expected(line, name, ['a name of a function'])
    if (name.text.length > LONGEST_NAME)
      throw problem(line, name, `names have at most ${LONGEST_NAME} bytes.`)
    if (this.#functions.some((fn) => fn.name === name.text)) {
      throw problem(line, name, `function ${name.text} is already defined.`)
    }
    const take = (text: string) => {
      if (tokens[++at]!.text !== text) throw expected(line, tokens[at]!, [`"${text}"`])
    }
    take('(')
    let parameters = 0
    while (tokens[at + 1]!.text !== ')') {
      if (parameters > 0) take(',')
      const parameter = tokens[++at]!
      if (parameter.kind !== 'name') throw expected(line, parameter, ['a name of an argument', '")"'])
      if (++parameters > 5) throw problem(line, parameter, 'functions have at most 5 arguments.')
    }
    take(')')
    const end = tokens[at + 1]!
    if (end.kind !== 'end') throw expected(line, end, ['the end of the line'])
    this.#endFunction()
    this.#addFunction(name.text, linkage, parameters)
  }

  #addFunction(name: string, linkage: FunctionSpec['linkage'], parameters: number): void {
    this.#functions.push({ name, start: this.#instructions.length, parameters, linkage })
  }

  #label(line: Line, token: Token): void {
    if (token.kind !== 'name') throw expected(line, token, ['a label'])
    if (this.#labels.has(token.text)) {
      throw problem(line, token, `label ${token.text} is already defined in this function.`)
    }
    this.#labels.set(token.text, this.#instructions.length)
  }

  #instruction(line: Line, at: number): void {
    const parsed = parseInstruction(line.tokens, at)
    if (parsed.form === undefined) throw expected(line, parsed.token, parsed.expected)
    this.#add(line, parsed.form, parsed.operands)
  }

  #add(line: Line, form: Form, operands: Operands): void {
    const index = this.#instructions.length
    const { label, callee, reference, high = 0 } = operands
    const field = form.fixed.offset === undefined ? 'offset' : 'imm'
    if (label !== undefined) this.#jumps.push({ kind: 'label', index, token: label, line, field })
    if (callee !== undefined) this.#calls.push({ kind: 'callee', index, token: callee, line, field: 'imm' })
    if (reference !== undefined) this.#references.push({ ...reference, at: index } as Reference)
    const {
      dst = 0,
      src = 0,
      offset = 0,
      imm = callee === undefined ? 0 : -1,
    } = { ...operands, ...form.fixed }
    this.#instructions.push({ code: form.code, dst, src, offset, imm })
    if (form.operation.kind === 'load-imm64') {
      this.#instructions.push({ code: 0, dst: 0, src: 0, offset: 0, imm: high })
    }
  }

  #endFunction(): void {
    for (const jump of this.#jumps) {
      const target = this.#labels.get(jump.token.text)
      if (target === undefined) {
        throw problem(jump.line, jump.token, `label ${jump.token.text} is not defined in this function.`)
      }
      this.#resolve(jump, target)
    }
    this.#jumps = []
    this.#labels.clear()
  }

  #resolve({ index, field, line, token }: Pending, target: number): void {
    const distance = target - index - 1
    if (field === 'offset' && distance !== (distance << 16) >> 16) {
      throw problem(
        line,
        token,
        `${token.text} is ${distance} instructions away; use gotol, which has 32 bits.`,
      )
    }
    this.#instructions[index] = { ...this.#instructions[index]!, [field]: distance }
  }
}

/**
 * Assembles a program.
 * @throws AssemblyError with line, column, and what was expected.
 */
export function assemble(text: string): ProgramSpec {
  const assembler = new Assembler()
  text.split(/\r?\n/).forEach((source, i) => {
    assembler.line({ number: i + 1, text: source, tokens: tokenize(source) })
  })
  return assembler.finish()
}
