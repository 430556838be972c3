/**
 * What compiling a text may cost, and what it has cost. All stages take time and memory in proportion to the bytes and
 * tokens of the text (test: linear.test.ts), so that the lexer counts for all of them; what may exceed that counts itself.
 */

/** Fuel, in the unit of the VM's: about as much time as an instruction of a script takes, 80 ns at the most. */
export const COMPILING = {
  /** Of each compilation, however short. */
  START: 300,
  /** Of a byte of text. */
  BYTE: 1,
  /** Of a token, through all stages. */
  TOKEN: 40,
  /** Of a syntax error. */
  FAULT: 100,
  /** Of a name that a function around passes on to a function in it. */
  UPVALUE: 10,
} as const

/** Bytes of memory that the compiler takes. */
const MEMORY = {
  /** For each byte of the text, the strings in it included. */
  BYTE: 3,
  /** For each token: its part of the tree, of the code, and of the chunk. */
  TOKEN: 256,
  UPVALUE: 128,
} as const

export interface MeterLimits {
  /** In units of COMPILING. */
  readonly fuel: number
  /** Bytes, estimated. */
  readonly memory: number
}

/** Compiling has cost what it may cost. */
export class CompilingStopped extends Error {
  readonly reason: 'fuel' | 'memory'

  constructor(reason: 'fuel' | 'memory') {
    super(`Cannot compile the text: it needs more ${reason}`)
    this.reason = reason
  }
}

export class Meter {
  /** What has been spent. */
  fuel = 0
  memory = 0
  private readonly limits: MeterLimits

  constructor(limits: MeterLimits = UNLIMITED) {
    this.limits = limits
  }

  /** A text that is going to be compiled. @throws CompilingStopped, as the following */
  text(bytes: number): void {
    this.spend(COMPILING.START + bytes * COMPILING.BYTE, bytes * MEMORY.BYTE)
  }

  token(): void {
    this.spend(COMPILING.TOKEN, MEMORY.TOKEN)
  }

  fault(): void {
    this.spend(COMPILING.FAULT, 0)
  }

  upvalue(): void {
    this.spend(COMPILING.UPVALUE, MEMORY.UPVALUE)
  }

  private spend(fuel: number, memory: number): void {
    this.fuel += fuel
    this.memory += memory
    if (this.fuel > this.limits.fuel) throw new CompilingStopped('fuel')
    if (this.memory > this.limits.memory) throw new CompilingStopped('memory')
  }
}

const UNLIMITED: MeterLimits = { fuel: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY }
