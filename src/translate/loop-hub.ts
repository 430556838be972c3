/**
 * Where the kernel's limit on loops counts. When it loads a program, the kernel rewrites all of it for each
 * `may_goto`, so that a function with many loops has one for them all, the hub: each round of a loop goes there with
 * its number, and comes back. The dispatcher's loop, and those of functions with few loops, count by themselves.
 */
import * as ebpf from '../ebpf/instruction.ts'
import { emitSwitch } from './emit-switch.ts'
import { largestSwitch } from './frequency.ts'
import type { Block, Func } from './ir.ts'
import type { Label, MachineCode } from './machine-code.ts'
import { loopOf } from './prepare.ts'

/** Loops that are worth a hub. */
const FEWEST = 2
/** Carries the number of a loop; nothing else lives in it there. */
const NUMBER = 0

export class LoopHub {
  readonly #hub: Label = {}
  readonly #members: ReadonlySet<Block>
  readonly #bodies: Label[] = []

  /** `isProfiled`: the largest switch is known to be taken often, so that the loops around it count by themselves. */
  constructor(f: Func, isProfiled: boolean) {
    const dispatch = isProfiled ? largestSwitch(f) : undefined
    const isHot = (header: Block): boolean => dispatch !== undefined && loopOf(header).has(dispatch)
    const members = f.blocks.filter((block) => block.isHeader && !isHot(block))
    this.#members = new Set(members.length >= FEWEST ? members : [])
  }

  /** Counts a round of the loop that begins here, and leads to `trap` when there have been too many. */
  count(code: MachineCode, header: Block, trap: Label): void {
    if (!this.#members.has(header)) {
      code.mayGoto(trap)
      return
    }
    const body = {}
    // the verifier knows the number, so that it follows each loop back to itself alone
    code.put(ebpf.aluImm(32, 'mov', NUMBER, this.#bodies.push(body) - 1))
    code.jump(this.#hub)
    code.mark(body)
  }

  /** The hub itself, behind the function's blocks. */
  emit(code: MachineCode, trap: Label): void {
    if (this.#bodies.length === 0) return
    code.mark(this.#hub)
    code.mayGoto(trap)
    emitSwitch(code, NUMBER, this.#bodies, undefined, undefined)
  }
}
