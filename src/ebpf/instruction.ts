/**
 * eBPF instructions as plain data: constructors for each form of `instruction-table.ts`, and the conversion
 * from and to bytes. Constructors don't check ranges of registers and offsets; `encode` does.
 */
import { InstructionError } from './errors.ts'
import { formOf, LAST_REGISTER } from './form-of.ts'
import {
  ALU_OPERATIONS,
  type AluOp,
  ATOMIC_OPERATIONS,
  type AtomicOp,
  type Bytes,
  CALLEE,
  CAST,
  CLASS,
  CONDITIONS,
  type Cond,
  type Instruction,
  JUMP,
  LOAD_IMM64,
  MODE,
  NEGATE,
  OPERAND,
  PSEUDO_LOAD,
  SIZE,
  SWAP,
  type SwapKind,
  type Width,
} from './instruction-table.ts'

export type { AluOp, AtomicOp, Bytes, Cond, Instruction, SwapKind, Width }

/** Bytes of an instruction. */
export const INSTRUCTION_SIZE = 8

function make(code: number, dst: number, src: number, offset: number, imm: number): Instruction {
  return { code, dst, src, offset, imm: imm | 0 }
}

const aluClass = (width: Width) => (width === 64 ? CLASS.ALU64 : CLASS.ALU)
const jumpClass = (width: Width) => (width === 64 ? CLASS.JMP : CLASS.JMP32)

/** `dst op= src` */
export function aluReg(width: Width, op: AluOp, dst: number, src: number): Instruction {
  const { code, offset } = ALU_OPERATIONS[op]
  return make(aluClass(width) | OPERAND.X | code, dst, src, offset, 0)
}

/** `dst op= imm`; the immediate has 32 bits and is extended with its sign. */
export function aluImm(width: Width, op: AluOp, dst: number, imm: number): Instruction {
  const { code, offset } = ALU_OPERATIONS[op]
  return make(aluClass(width) | OPERAND.K | code, dst, 0, offset, imm)
}

/** `dst = -dst` */
export function negate(width: Width, dst: number): Instruction {
  return make(aluClass(width) | NEGATE, dst, 0, 0, 0)
}

/** `dst = be16 dst` and the like: the low `bits` bits converted to an order of bytes, or reversed. */
export function byteSwap(kind: SwapKind, bits: 16 | 32 | 64, dst: number): Instruction {
  const cls = kind === 'bswap' ? CLASS.ALU64 : CLASS.ALU
  return make(cls | SWAP | (kind === 'be' ? OPERAND.X : OPERAND.K), dst, 0, 0, bits)
}

/** `dst = (s8)src` and the like. From 32 bits to 32 bits it is a plain move. */
export function moveSigned(width: Width, bits: 8 | 16 | 32, dst: number, src: number): Instruction {
  const offset = width === bits ? 0 : bits
  return make(aluClass(width) | OPERAND.X | ALU_OPERATIONS.mov.code, dst, src, offset, 0)
}

/** `dst = value ll`; the value is taken modulo 2^64. */
export function loadImm64(dst: number, value: bigint): [Instruction, Instruction] {
  return pair(
    dst,
    PSEUDO_LOAD.NONE,
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, value >> 32n)),
  )
}

/** `dst = map … ll`, to be completed through a reference of kind `map`. */
export function loadMap(dst: number): [Instruction, Instruction] {
  return pair(dst, PSEUDO_LOAD.MAP, 0, 0)
}

/** `dst = value … ll`, to be completed through a reference of kind `map-value`. */
export function loadMapValue(dst: number): [Instruction, Instruction] {
  return pair(dst, PSEUDO_LOAD.MAP_VALUE, 0, 0)
}

/** `dst = function … ll`, to be completed through a reference of kind `function`: a callback for a helper. */
export function loadFunction(dst: number): [Instruction, Instruction] {
  return pair(dst, PSEUDO_LOAD.FUNCTION, -1, 0)
}

function pair(dst: number, pseudo: number, low: number, high: number): [Instruction, Instruction] {
  return [make(LOAD_IMM64, dst, pseudo, 0, low), make(0, 0, 0, 0, high)]
}

function cast(dst: number, src: number, to: number): Instruction {
  return make(CLASS.ALU64 | OPERAND.X | ALU_OPERATIONS.mov.code, dst, src, CAST.OFFSET, to)
}

/** `dst = addr_space_cast(src, 0, 1)`: the low 32 bits of a scalar as an address in the arena. */
export function castToArena(dst: number, src: number): Instruction {
  return cast(dst, src, CAST.TO_ARENA)
}

/** `dst = addr_space_cast(src, 1, 0)`: an address in the arena as user space sees it, a scalar. */
export function castToUser(dst: number, src: number): Instruction {
  return cast(dst, src, CAST.TO_USER)
}

/** `dst = *(base + offset)`, extended with zeros. */
export function load(bytes: Bytes, dst: number, base: number, offset: number): Instruction {
  return make(CLASS.LDX | MODE.MEM | SIZE[bytes], dst, base, offset, 0)
}

/** `dst = *(base + offset)`, extended with its sign to 64 bits. Not from an arena before Linux 6.18. */
export function loadSigned(bytes: 1 | 2 | 4, dst: number, base: number, offset: number): Instruction {
  return make(CLASS.LDX | MODE.MEMSX | SIZE[bytes], dst, base, offset, 0)
}

/** `*(base + offset) = src` */
export function store(bytes: Bytes, base: number, offset: number, src: number): Instruction {
  return make(CLASS.STX | MODE.MEM | SIZE[bytes], base, src, offset, 0)
}

/** `*(base + offset) = imm`; 8 bytes are extended from 32 bits with their sign. */
export function storeImm(bytes: Bytes, base: number, offset: number, imm: number): Instruction {
  return make(CLASS.ST | MODE.MEM | SIZE[bytes], base, 0, offset, imm)
}

/**
 * An atomic operation on `*(base + offset)`. Those that fetch leave the old value in `src`; `cmpxchg` compares
 * with r0 and leaves it there.
 */
export function atomic(width: Width, op: AtomicOp, base: number, offset: number, src: number): Instruction {
  const code = CLASS.STX | MODE.ATOMIC | SIZE[width === 64 ? 8 : 4]
  return make(code, base, src, offset, ATOMIC_OPERATIONS[op])
}

/** `goto`; offsets of jumps count instructions (slots) from the following one. */
export function jump(offset: number): Instruction {
  return make(CLASS.JMP | JUMP.JA, 0, 0, offset, 0)
}

/** `gotol`: a jump with 32 bits of offset. */
export function longJump(offset: number): Instruction {
  return make(CLASS.JMP32 | JUMP.JA, 0, 0, 0, offset)
}

/** `if dst cond src goto` */
export function jumpReg(width: Width, cond: Cond, dst: number, src: number, offset: number): Instruction {
  return make(jumpClass(width) | OPERAND.X | CONDITIONS[cond].code, dst, src, offset, 0)
}

/** `if dst cond imm goto` */
export function jumpImm(width: Width, cond: Cond, dst: number, imm: number, offset: number): Instruction {
  return make(jumpClass(width) | OPERAND.K | CONDITIONS[cond].code, dst, 0, offset, imm)
}

/** `may_goto`: jumps once the kernel's budget for loops is used up. */
export function mayGoto(offset: number): Instruction {
  return make(CLASS.JMP | JUMP.JCOND, 0, 0, offset, 0)
}

/** A call of a function of the same program, `offset` instructions from the following one. */
export function callFunction(offset: number): Instruction {
  return make(CLASS.JMP | JUMP.CALL, 0, CALLEE.FUNCTION, 0, offset)
}

/** A call of a helper by its number in `enum bpf_func_id`. */
export function callHelper(id: number): Instruction {
  return make(CLASS.JMP | JUMP.CALL, 0, CALLEE.HELPER, 0, id)
}

/** A call of a function of the kernel by its BTF id. */
export function callKfunc(btfId: number): Instruction {
  return make(CLASS.JMP | JUMP.CALL, 0, CALLEE.KFUNC, 0, btfId)
}

export function exit(): Instruction {
  return make(CLASS.JMP | JUMP.EXIT, 0, 0, 0, 0)
}

/** Whether this is the first half of a 64-bit immediate load: the following slot is not an instruction. */
export function isWide(instruction: Instruction): boolean {
  return instruction.code === LOAD_IMM64
}

function show({ code, dst, src, offset, imm }: Instruction): string {
  return `code 0x${code.toString(16).padStart(2, '0')}, dst ${dst}, src ${src}, offset ${offset}, imm ${imm}`
}

/**
 * The bytes of instructions.
 * @throws InstructionError where a register or an offset is out of range: a jump that is too long, for example.
 */
export function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * INSTRUCTION_SIZE)
  const view = new DataView(bytes.buffer)
  instructions.forEach((instruction, index) => {
    const { code, dst, src, offset, imm } = instruction
    const registers = dst >= 0 && dst <= LAST_REGISTER && src >= 0 && src <= LAST_REGISTER
    if (!registers || offset !== (offset << 16) >> 16 || imm !== (imm | 0)) {
      throw new InstructionError(
        `Cannot encode instruction ${index}: a field is out of range (${show(instruction)}). Registers go to ${LAST_REGISTER}, offsets have 16 bits, immediates 32.`,
      )
    }
    const at = index * INSTRUCTION_SIZE
    bytes[at] = code
    bytes[at + 1] = dst | (src << 4)
    view.setInt16(at + 2, offset, true)
    view.setInt32(at + 4, imm, true)
  })
  return bytes
}

/** The instruction at an index, unchecked. */
export function instructionAt(view: DataView, index: number): Instruction {
  const at = index * INSTRUCTION_SIZE
  const registers = view.getUint8(at + 1)
  return {
    code: view.getUint8(at),
    dst: registers & 15,
    src: registers >> 4,
    offset: view.getInt16(at + 2, true),
    imm: view.getInt32(at + 4, true),
  }
}

/**
 * The instructions in these bytes.
 * @throws InstructionError with the index of the first one that isn't in the instruction table.
 */
export function decode(bytes: Uint8Array): Instruction[] {
  if (bytes.length % INSTRUCTION_SIZE !== 0) {
    throw new InstructionError(
      `Cannot decode instructions: ${bytes.length} bytes are no multiple of ${INSTRUCTION_SIZE}. The program is cut off.`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const instructions: Instruction[] = []
  const count = bytes.length / INSTRUCTION_SIZE
  for (let index = 0; index < count; index++) {
    const instruction = instructionAt(view, index)
    const problem = (reason: string) =>
      new InstructionError(`Cannot decode instruction ${index}: ${reason} (${show(instruction)}).`)
    if (formOf(instruction) === undefined) throw problem('it is not in the instruction table')
    instructions.push(instruction)
    if (!isWide(instruction)) continue
    index++
    if (index === count) throw problem('the second half of the 64-bit immediate is missing')
    const half = instructionAt(view, index)
    if (half.code !== 0 || half.dst !== 0 || half.src !== 0 || half.offset !== 0) {
      throw problem('the slot after it is not the second half of a 64-bit immediate')
    }
    instructions.push(half)
  }
  return instructions
}
