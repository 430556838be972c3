/**
 * The grammar of instructions in eBPF assembly, made from the texts of the instruction table: a tree of tokens
 * with the forms at its leaves. A text is parsed by trying the branches; where all fail, the error names what
 * was expected at the token that the longest one reached.
 */
import { FORMS, type Form, type Placeholder } from './instruction-table.ts'
import { type Operands, READERS, type Read, readRegister } from './operand.ts'
import { type Token, tokenize } from './tokens.ts'

interface Node {
  readonly literals: Map<string, Node>
  /** Keyed by the placeholder as it stands in the form: `r{dst}`. */
  readonly operands: Map<string, Node>
  form?: Form
}

const makeNode = (): Node => ({ literals: new Map(), operands: new Map() })

function child(children: Map<string, Node>, key: string): Node {
  const node = children.get(key) ?? makeNode()
  children.set(key, node)
  return node
}

function makeTree(): Node {
  const root = makeNode()
  for (const form of FORMS) {
    let node = root
    for (const token of tokenize(form.text)) {
      if (token.kind === 'end') node.form = form
      else node = child(token.kind === 'placeholder' ? node.operands : node.literals, token.text)
    }
  }
  return root
}

const ROOT = makeTree()

/** The furthest point that any branch reached. */
interface Furthest {
  at: number
  expected: Set<string>
}

function expect(furthest: Furthest, at: number, what: string): void {
  if (at < furthest.at) return
  if (at > furthest.at) furthest.expected.clear()
  furthest.at = at
  furthest.expected.add(what)
}

function readOperand(key: string, tokens: readonly Token[], at: number): Read {
  const [, letter, name] = /^([rw]?)\{(\w+)\}$/.exec(key)!
  const placeholder = name as Placeholder
  if (placeholder !== 'dst' && placeholder !== 'src') return READERS[placeholder](tokens, at)
  return readRegister(letter!, placeholder, tokens, at)
}

/** Operands together, or undefined where one register should be named twice and isn't. */
function merge(known: Operands, more: Operands): Operands | undefined {
  const differs = (field: 'dst' | 'src') =>
    known[field] !== undefined && more[field] !== undefined && known[field] !== more[field]
  return differs('dst') || differs('src') ? undefined : { ...known, ...more }
}

interface Parsed {
  readonly form: Form
  readonly operands: Operands
}

function parseFrom(
  node: Node,
  tokens: readonly Token[],
  at: number,
  operands: Operands,
  furthest: Furthest,
): Parsed | undefined {
  const token = tokens[at]!
  if (token.kind === 'end') {
    if (node.form !== undefined) return { form: node.form, operands }
  } else if (node.form !== undefined) {
    expect(furthest, at, 'the end of the line')
  }
  const literal = node.literals.get(token.text)
  const parsed = literal && parseFrom(literal, tokens, at + 1, operands, furthest)
  if (parsed !== undefined) return parsed
  for (const key of node.literals.keys()) expect(furthest, at, `"${key}"`)
  for (const [key, next] of node.operands) {
    const read = readOperand(key, tokens, at)
    if (read.next === undefined) {
      expect(furthest, read.at, read.expected)
      continue
    }
    const all = merge(operands, read.operands)
    if (all === undefined) {
      expect(furthest, at, 'the same register again')
      continue
    }
    const rest = parseFrom(next, tokens, read.next, all, furthest)
    if (rest !== undefined) return rest
  }
  return undefined
}

/** An instruction, or the token at which it goes wrong and what was expected there. */
export type ParsedInstruction =
  | Parsed
  | { readonly form?: undefined; readonly token: Token; readonly expected: readonly string[] }

/** Parses the tokens of one instruction from an index on. */
export function parseInstruction(tokens: readonly Token[], from: number): ParsedInstruction {
  const furthest: Furthest = { at: from, expected: new Set() }
  const parsed = parseFrom(ROOT, tokens, from, {}, furthest)
  return parsed ?? { token: tokens[furthest.at]!, expected: [...furthest.expected] }
}
