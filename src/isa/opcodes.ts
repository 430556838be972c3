/**
 * The instruction set of the virtual machine: one table from which the code generator, the
 * disassembler, the VM's dispatcher and docs/opcodes.md all follow.
 *
 * An instruction is 8 bytes, little-endian:
 *
 *     byte   0      1      2      3      4           7
 *         +------+------+------+------+---------------+
 *         |  op  |  A   |  B   |  C   |    D (i32)    |
 *         +------+------+------+------+---------------+
 *
 * A, B and C are register numbers or small counts. `D` is an immediate, a jump distance in bytes from
 * the *following* instruction, or (in a chunk) the index of a constant or proto, which loading replaces
 * by its address. `E` is the signed 16-bit immediate that bytes 2 and 3 (B and C) hold together.
 * An instruction marked `literal` is followed by one 8-byte word that holds a constant.
 *
 * Notation: R[x] register, U[x] upvalue, K[x] constant, P[x] proto, top the end of an open list of values.
 */

/** What the D field holds. */
export type DKind =
  | 'none'
  | 'int' // a signed 32-bit immediate
  | 'jump' // a distance in bytes from the following instruction
  | 'string' // index of a short-string constant; after loading, the string's address
  | 'const' // index of any constant; after loading, the address of the constant's slot
  | 'proto' // index of a proto; after loading, its address

/** Which fields of the instruction are used, in the order that a listing shows them. */
export type Field = 'A' | 'B' | 'C' | 'D' | 'E'

export interface Opcode {
  readonly name: string
  /** Fields in listing order. */
  readonly fields: readonly Field[]
  readonly d: DKind
  /** Followed by a literal word: after loading, a value; in a chunk, an index in K. */
  readonly literal?: true
  /** The instruction may call, raise or switch coroutines, so the frame may differ after it. */
  readonly reframes?: true
  /** The handler charges fuel in memory: the dispatcher's copy is written back before and read after it. */
  readonly charges?: true
  /** `module` of vm/assembly/ops that holds the handler. */
  readonly family: 'load' | 'table' | 'arith' | 'jump' | 'call' | 'loop' | 'frame'
  readonly meaning: string
}

type Row = [string, string, DKind, string, Opcode['family'], string]

/** name · fields · D · flags (l literal, r reframes, f charges) · family · meaning */
// biome-ignore format: one row for each opcode
const ROWS: readonly Row[] = [
  ['MOVE', 'AB', 'none', '', 'load', 'R[A] := R[B]'],
  ['LOADI', 'AD', 'int', '', 'load', 'R[A] := D'],
  ['LOADK', 'AD', 'const', '', 'load', 'R[A] := K[D]'],
  ['LOADNIL', 'AB', 'none', '', 'load', 'R[A], …, R[A+B] := nil'],
  ['LOADFALSE', 'A', 'none', '', 'load', 'R[A] := false'],
  ['LOADTRUE', 'A', 'none', '', 'load', 'R[A] := true'],
  ['GETUPVAL', 'AB', 'none', '', 'load', 'R[A] := U[B]'],
  ['SETUPVAL', 'AB', 'none', '', 'load', 'U[B] := R[A]'],

  ['GETTABUP', 'ABD', 'string', 'r', 'table', 'R[A] := U[B][K[D]] (a global, where U[B] is _ENV)'],
  ['SETTABUP', 'ABD', 'string', 'r', 'table', 'U[B][K[D]] := R[A]'],
  ['GETFIELD', 'ABD', 'string', 'r', 'table', 'R[A] := R[B][K[D]]'],
  ['SETFIELD', 'ABD', 'string', 'r', 'table', 'R[B][K[D]] := R[A]'],
  ['GETTABLE', 'ABC', 'none', 'r', 'table', 'R[A] := R[B][R[C]]'],
  ['SETTABLE', 'ABC', 'none', 'r', 'table', 'R[B][R[C]] := R[A]'],
  ['GETI', 'ABD', 'int', 'r', 'table', 'R[A] := R[B][D]'],
  ['SETI', 'ABD', 'int', 'r', 'table', 'R[B][D] := R[A]'],
  ['SELF', 'ABD', 'string', 'r', 'table', 'R[A+2] := R[B]; R[A] := R[B][K[D]] (A+1 stays free for the link)'],
  ['NEWTABLE', 'ABD', 'int', 'r', 'table', 'R[A] := {} with room for D array elements and B hash fields'],
  ['SETLIST', 'ABD', 'int', 'rf', 'table', 'R[A][D+i] := R[A+i], 1 ≤ i ≤ B; B = 255: up to top'],

  ['ADD', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] + R[C]'],
  ['SUB', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] - R[C]'],
  ['MUL', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] * R[C]'],
  ['MOD', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] % R[C]'],
  ['POW', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] ^ R[C]'],
  ['DIV', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] / R[C] (floor division; event __div)'],
  ['IDIV', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] // R[C]'],
  ['BAND', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] & R[C]'],
  ['BOR', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] | R[C]'],
  ['BXOR', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] ~ R[C]'],
  ['SHL', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] << R[C]'],
  ['SHR', 'ABC', 'none', 'r', 'arith', 'R[A] := R[B] >> R[C]'],
  ['ADDI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] + D'],
  ['SUBI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] - D'],
  ['MULI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] * D'],
  ['MODI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] % D (D ≠ 0)'],
  ['IDIVI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] // D (D ≠ 0)'],
  ['BANDI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] & D'],
  ['SHLI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] << D (0 ≤ D < 64)'],
  ['SHRI', 'ABD', 'int', 'r', 'arith', 'R[A] := R[B] >> D (0 ≤ D < 64)'],
  ['UNM', 'AB', 'none', 'r', 'arith', 'R[A] := -R[B]'],
  ['BNOT', 'AB', 'none', 'r', 'arith', 'R[A] := ~R[B]'],
  ['NOT', 'AB', 'none', '', 'arith', 'R[A] := not R[B]'],
  ['LEN', 'AB', 'none', 'r', 'arith', 'R[A] := #R[B]'],
  ['CONCAT', 'AB', 'none', 'rf', 'arith', 'R[A] := R[A] .. … .. R[A+B-1] (overwrites its operands)'],

  ['JMP', 'D', 'jump', '', 'jump', 'jump D'],
  ['JT', 'AD', 'jump', '', 'jump', 'if R[A] then jump D'],
  ['JF', 'AD', 'jump', '', 'jump', 'if not R[A] then jump D'],
  ['JTSET', 'ABD', 'jump', '', 'jump', 'if R[B] then R[A] := R[B]; jump D'],
  ['JFSET', 'ABD', 'jump', '', 'jump', 'if not R[B] then R[A] := R[B]; jump D'],
  ['JEQ', 'ABD', 'jump', 'r', 'jump', 'if R[A] == R[B] then jump D'],
  ['JNE', 'ABD', 'jump', 'r', 'jump', 'if not (R[A] == R[B]) then jump D'],
  ['JLT', 'ABD', 'jump', 'r', 'jump', 'if R[A] < R[B] then jump D'],
  ['JNLT', 'ABD', 'jump', 'r', 'jump', 'if not (R[A] < R[B]) then jump D'],
  ['JLE', 'ABD', 'jump', 'r', 'jump', 'if R[A] <= R[B] then jump D'],
  ['JNLE', 'ABD', 'jump', 'r', 'jump', 'if not (R[A] <= R[B]) then jump D'],
  ['JEQK', 'AD', 'jump', 'l', 'jump', 'if R[A] == literal then jump D (raw: nil, booleans, short strings, integers)'],
  ['JNEK', 'AD', 'jump', 'l', 'jump', 'if not (R[A] == literal) then jump D'],
  ['JEQI', 'AED', 'jump', '', 'jump', 'if R[A] == E then jump D'],
  ['JNEI', 'AED', 'jump', '', 'jump', 'if not (R[A] == E) then jump D'],
  ['JLTI', 'AED', 'jump', 'r', 'jump', 'if R[A] < E then jump D'],
  ['JNLTI', 'AED', 'jump', 'r', 'jump', 'if not (R[A] < E) then jump D'],
  ['JLEI', 'AED', 'jump', 'r', 'jump', 'if R[A] <= E then jump D'],
  ['JNLEI', 'AED', 'jump', 'r', 'jump', 'if not (R[A] <= E) then jump D'],
  ['JGTI', 'AED', 'jump', 'r', 'jump', 'if E < R[A] then jump D'],
  ['JNGTI', 'AED', 'jump', 'r', 'jump', 'if not (E < R[A]) then jump D'],
  ['JGEI', 'AED', 'jump', 'r', 'jump', 'if E <= R[A] then jump D'],
  ['JNGEI', 'AED', 'jump', 'r', 'jump', 'if not (E <= R[A]) then jump D'],

  ['FORPREP', 'AD', 'jump', 'r', 'loop', 'R[A], R[A+1], R[A+2] = start, limit, step: prepare, R[A+3] := start; no iteration: jump D'],
  ['FORLOOP', 'AD', 'jump', 'r', 'loop', 'R[A] += R[A+2]; while iterations remain in R[A+1]: R[A+3] := R[A]; jump D'],
  ['TFORPREP', 'AD', 'jump', 'r', 'loop', 'mark R[A+3] to be closed; jump D'],
  ['TFORCALL', 'AC', 'none', 'rf', 'loop', 'R[A+4], R[A+6], R[A+7] := R[A], R[A+1], R[A+2]; call as CALL A+4 with 2 arguments and C results; followed by TFORLOOP'],
  ['TFORLOOP', 'AD', 'jump', '', 'loop', 'if R[A+4] ~= nil then R[A+2] := R[A+4]; jump D'],

  ['CALL', 'ABC', 'none', 'rf', 'call', 'R[A], … := R[A](R[A+2], …, R[A+B]); B-1 arguments (B = 0: up to top), C-1 results (C = 0: all, sets top); R[A+1] is the link'],
  ['TAILCALL', 'ABC', 'none', 'rf', 'call', 'return R[A](R[A+2], …, R[A+B]); C = 1: close upvalues first'],
  ['RETURN', 'ABC', 'none', 'rf', 'call', 'return R[A], …, R[A+B-2]; B = 0: up to top; C = 1: close upvalues and to-be-closed variables first'],
  ['RETURN0', '', 'none', 'r', 'call', 'return (nothing to close, no varargs)'],
  ['RETURN1', 'A', 'none', 'r', 'call', 'return R[A] (nothing to close, no varargs)'],
  ['VARARGPREP', 'A', 'none', 'r', 'call', 'first instruction of a vararg function with A parameters: moves the frame above its extra arguments'],
  ['VARARG', 'AC', 'none', 'rf', 'call', 'R[A], …, R[A+C-2] := ...; C = 0: all, sets top'],
  ['CLOSURE', 'AD', 'proto', 'r', 'call', 'R[A] := closure(P[D])'],
  ['CLOSE', 'A', 'none', 'rf', 'call', 'close upvalues and to-be-closed variables from R[A] up'],
  ['TBC', 'A', 'none', 'r', 'call', 'mark R[A] to be closed'],

  ['HALT', '', 'none', 'rf', 'frame', 'end of a call from outside: stop, results from R[0] to top'],
  ['STOP', '', 'none', 'rf', 'frame', 'leave the VM with the reason that the state holds'],
  ['COEND', '', 'none', 'rf', 'frame', 'end of a coroutine: results from R[0] to top go to the resumer'],
  ['PCALLEND', '', 'none', 'rf', 'frame', 'end of a protected call: returns true and R[0] to top'],
  ['THROW', 'A', 'none', 'rf', 'frame', 'raises the value in G_ERROR; A = 1: the message that G_RAISE_* describe'],
  ['COLLECT', '', 'none', 'rf', 'frame', 'a step of the collector, then on at G_GC_PC'],
  ['RETRY', 'A', 'none', 'rf', 'frame', 'no memory: collects and executes the instruction at G_GC_PC again, or raises; A = 1: no stack, which grows before that'],
  ['INVOKE', '', 'none', 'rf', 'frame', 'the call in G_CALL_AT, G_CALL_COUNT, G_CALL_LINK: metamethods that are no Lua functions'],
  ['UNWIND', 'A', 'none', 'rf', 'frame', 'goes on unwinding with the error R[A]'],
  ['FINALIZE', '', 'none', 'rf', 'frame', 'calls a finalizer, then on at G_GC_PC'],
  ['HOOK', '', 'none', 'rf', 'frame', 'calls the hook if an event is due, then executes the instruction at G_GC_PC alone'],
]

/** The instruction set; an opcode is its index here. */
export const OPCODES: readonly Opcode[] = ROWS.map(([name, fields, d, flags, family, meaning]) => ({
  name,
  fields: [...fields] as Field[],
  d,
  family,
  meaning,
  ...(flags.includes('l') ? { literal: true as const } : {}),
  ...(flags.includes('r') ? { reframes: true as const } : {}),
  ...(flags.includes('f') ? { charges: true as const } : {}),
}))

/** Opcode number by name. */
export const OP: Readonly<Record<string, number>> = Object.fromEntries(OPCODES.map((o, i) => [o.name, i]))
