/**
 * The state of the reference interpreter: registers with the kind of value that each holds, the frames' stacks,
 * and the memory that a program may touch. The kinds follow the verifier's register types, so that a program
 * which the verifier would refuse for them fails here too. What executes instructions is in `step-*.ts`.
 */

/** What a register or a slot of the stack holds. The order matters: `Machine.plain` relies on it. */
export const KIND = {
  /** Never written, or lost by a call. */
  NONE: 0,
  SCALAR: 1,
  /** An address in the arena: 32 bits, the high word is 0. */
  ARENA: 2,
  /** An address in the stack area: see `stack.ts`. */
  STACK: 3,
  /** An offset in the memory block whose number is in the high word. */
  BLOCK: 4,
  /** A map or a function: only to be passed on. */
  OPAQUE: 5,
} as const

export type Kind = (typeof KIND)[keyof typeof KIND]

export const KIND_NAMES: readonly string[] = [
  'was never written here, or was lost in a call',
  'is a scalar',
  'is an arena address',
  'is a stack address',
  'is an address in the context or in a map value',
  'is a map or a function',
]

/** Number of the frame pointer, and of two hidden registers: for immediates, and for values on their way. */
export const FRAME_POINTER = 10
export const IMMEDIATE = 11
export const SCRATCH = 12

/** Frames including the main program's: Linux to 7.0 takes no more. */
export const MAX_FRAMES = 8

/** A breach of the rules by the instruction that executes; the interpreter says which one that is. */
export class Fault extends Error {}

/** A piece of memory with fixed bounds: the context, or the value of an array map. */
export interface Block {
  readonly name: string
  readonly bytes: Uint8Array
}

export class Machine {
  /** Values: two words for each register, low first. */
  readonly words = new Int32Array(2 * (SCRATCH + 2))
  readonly kinds = new Uint8Array(SCRATCH + 2)
  readonly arena: DataView
  readonly blocks: readonly Block[]
  /** Visits of may_goto that remain before it fires. */
  visitsLeft = 0
  /** Frames below the current one. */
  depth = 0

  constructor(arena: Uint8Array, blocks: readonly Block[]) {
    this.arena = new DataView(arena.buffer, arena.byteOffset, arena.byteLength)
    this.blocks = blocks
  }

  set(register: number, kind: Kind, low: number, high: number): void {
    this.words[2 * register] = low
    this.words[2 * register + 1] = high
    this.kinds[register] = kind
  }

  /** Makes the immediate an operand; 32 bits are extended with their sign. */
  setImmediate(imm: number): void {
    this.set(IMMEDIATE, KIND.SCALAR, imm, imm >> 31)
  }

  /** Faults unless a register holds a scalar or an arena address. */
  plain(register: number, what: string): void {
    const kind = this.kinds[register]!
    if (kind !== KIND.SCALAR && kind !== KIND.ARENA) throw this.fault(register, what)
  }

  fault(register: number, what: string): Fault {
    return new Fault(`r${register} ${KIND_NAMES[this.kinds[register]!]}; ${what}`)
  }
}
