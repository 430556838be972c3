/** The disassembler: a chunk as text (`moonring check --list`). */

import { chunkId, fromByteString } from './chunk-name.ts'
import { LITERAL, NAME_KIND } from './code-buffer.ts'
import { type Instruction, type ReadChunk, type ReadProto, readChunk } from './read-chunk.ts'

/**
 * Lists a chunk: the main function first, the others in the order of their creation. Each line has the
 * index of the instruction, its source line, its name and operands as in docs/opcodes.md (jumps with the
 * index of their target), and what the operands mean.
 */
export function list(bytes: Uint8Array): string {
  const chunk = readChunk(bytes)
  const order = inOrderOfCreation(chunk)
  return order.map((index) => listProto(chunk, index)).join('\n')
}

function inOrderOfCreation(chunk: ReadChunk): number[] {
  const order: number[] = []
  const visit = (index: number) => {
    order.push(index)
    for (const { opcode, d } of chunk.protos[index]!.code) if (opcode.d === 'proto') visit(d)
  }
  visit(chunk.protos.length - 1)
  return order
}

function listProto(chunk: ReadChunk, index: number): string {
  const proto = chunk.protos[index]!
  const main = index === chunk.protos.length - 1
  const source = chunkId(fromByteString(chunk.source))
  const title = main ? `main ${source}` : `function ${index} ${source}:${proto.firstLine}-${proto.lastLine}`
  const parameters = `${proto.parameters}${proto.vararg ? '+' : ''} parameters`
  const head = `${title}: ${parameters}, ${proto.frame} registers, ${proto.words} words`
  const upvalues = proto.upvalues.map(
    (upvalue, i) => `  upvalue ${i} ${upvalue.name}: ${upvalue.inStack ? 'R' : 'U'}${upvalue.index}`,
  )
  const locals = proto.locals.map(
    ({ name, register, start, end }) => `  local ${name}: R${register} ${start}-${end}`,
  )
  const names = namesByWord(proto)
  const code = proto.code.map((instruction) => listInstruction(chunk, names, instruction))
  return [head, ...upvalues, ...locals, ...code, ''].join('\n')
}

function listInstruction(chunk: ReadChunk, names: NamesByWord, instruction: Instruction): string {
  const { word, line, opcode } = instruction
  const operands = opcode.fields.map((field) => operand(instruction, field)).join(' ')
  const remarks = [constantOf(chunk, instruction), ...(names.get(word) ?? [])].filter(
    (remark) => remark !== '',
  )
  const comment = remarks.length > 0 ? `; ${remarks.join(', ')}` : ''
  const position = `${String(word).padStart(5)} [${line}]`.padEnd(11)
  return `${position} ${opcode.name.padEnd(10)} ${operands.padEnd(12)} ${comment}`.trimEnd()
}

function operand(instruction: Instruction, field: 'A' | 'B' | 'C' | 'D' | 'E'): string {
  const { a, b, c, d, e, opcode, word, literal } = instruction
  switch (field) {
    case 'A':
      return String(a)
    case 'B':
      return String(b)
    case 'C':
      return String(c)
    case 'E':
      return String(e)
    case 'D':
      return opcode.d === 'jump' ? `→${word + (literal ? 2 : 1) + d / 8}` : String(d)
  }
}

function constantOf(chunk: ReadChunk, { opcode, d, literal }: Instruction): string {
  if (opcode.d === 'string' || opcode.d === 'const') return quoteConstant(chunk.constants[d]!)
  if (opcode.d === 'proto') return `function ${d}`
  if (literal === undefined) return ''
  if (literal.kind === LITERAL.constant) return quoteConstant(chunk.constants[literal.index]!)
  return Object.entries(LITERAL).find(([, kind]) => kind === literal.kind)?.[0] ?? ''
}

function quoteConstant(value: bigint | string): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(fromByteString(value))
}

type NamesByWord = ReadonlyMap<number, readonly string[]>

function namesByWord(proto: ReadProto): NamesByWord {
  const map = new Map<number, string[]>()
  for (const { word, operand: index, kind, name } of proto.names) {
    const remark = `${index}: ${nameOfKind(kind)} ${fromByteString(name)}`
    map.set(word, [...(map.get(word) ?? []), remark])
  }
  return map
}

function nameOfKind(kind: number): string {
  return Object.entries(NAME_KIND).find(([, value]) => value === kind)?.[0] ?? String(kind)
}
