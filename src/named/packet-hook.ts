/**
 * A hook for packets in user space: a process hands it packets, of a capture for instance, and it does with them what
 * the hook does in the kernel. The VM dissects, matches, calls and counts here as there; what the main program of the
 * kernel's hook does, fetching bytes and carrying them back, is done here.
 */
import { checkAsked, USER } from '../hook/limits.ts'
import { VERDICT } from '../hook/packet-program.ts'
import type { KernelHook, Subsystem } from '../hook/subsystem.ts'
import { CONTROL, HOOK, HOOK_STATUS, PACKET, RULE_ACTION, SLOT, SLOT_FLAG } from '../isa/layout.ts'
import type { PacketJudge, Verdict } from '../packet/filter.ts'
import type { Dissection } from '../packet/ip-packet.ts'
import { type PacketBytes, PacketMemory } from '../packet/packet-memory.ts'
import type { Rule } from '../packet/rule-record.ts'
import type { Instance } from '../state/engine.ts'
import { internalsOf, State } from '../state/state.ts'
import type { StateOptions } from '../state/state-options.ts'
import { instantiateWithControl } from '../state/user-engine.ts'
import { ControlBlock, type HookRecord } from './control-block.ts'
import { grantLibraries, reserveSlot, setStatus } from './hook-slot.ts'
import { readLog } from './log-reader.ts'
import { rulesOf } from './rules-table.ts'

/** A VM with a control block, and with its functions for packets. */
export type PacketInstance = Instance & Required<Pick<Instance, 'control' | 'look'>>

export interface PacketHookOptions extends StateOptions {
  /** The global function that is called; default: the hook's. */
  readonly function?: string
  /** The verdict when a call fails; default: the hook's. */
  readonly default?: string
  /** Milliseconds that a call may take; default: a second, since processes have to wait for the processor. */
  readonly deadline?: number
  readonly rules?: readonly Rule[]
}

export class PacketHook implements PacketJudge {
  readonly room = SLOT.COUNT
  readonly state: State
  readonly #control: ControlBlock
  readonly #memory: PacketMemory
  readonly #hook: KernelHook
  readonly #record: HookRecord
  readonly #packets: PacketBytes[] = []

  /** With a new state. @throws StateError `BAD_OPTION`, NotAvailable, OutOfMemory */
  constructor(
    { hook, subsystem }: { readonly hook: KernelHook; readonly subsystem: Subsystem },
    options: PacketHookOptions = {},
    makeInstance: (limit: number) => PacketInstance = instantiateWithControl,
  ) {
    let instance: PacketInstance | undefined
    const { function: called, default: verdict, rules, deadline, ...stateOptions } = options
    checkAsked('kernel', { fuel: options.fuel, deadline })
    this.state = new State(stateOptions, (limit) => {
      instance = makeInstance(limit)
      return instance
    })
    const { buffer, control, look } = instance as unknown as PacketInstance
    this.#hook = hook
    this.#control = new ControlBlock(buffer, control)
    this.#memory = new PacketMemory(buffer, control + CONTROL.SLOTS, look)
    this.#control.setLong(control + CONTROL.HOOK_FUEL, BigInt(options.fuel ?? 0))
    this.#control.setLong(control + CONTROL.HOOK_DEADLINE, BigInt(Math.round((deadline ?? 0) * 1e6)))
    const memory = { state: this.state, control: this.#control }
    const slot = reserveSlot(
      [memory],
      hook,
      {
        ...(called !== undefined && { function: called }),
        ...(verdict !== undefined && { default: verdict }),
      },
      rules ?? [{ match: {}, action: 'CALL' }],
    )
    grantLibraries(memory, subsystem)
    setStatus(this.#control, slot, HOOK_STATUS.ACTIVE)
    this.#record = this.#control.hook(slot)
    if (deadline !== undefined) return
    const limits = this.#control.limitsOf(this.#record)
    this.#control.setLimits(this.#record, { ...limits, deadline: USER.deadline.usual })
  }

  /**
   * The rules that the script has made, in its global `rules`, hold from now on. Those that ask for devices match
   * nothing: packets of captures have none.
   * @throws StateError, PacketError
   */
  useRules(): void {
    this.#control.setRules(
      this.#record,
      rulesOf(this.state.getGlobal('rules'), () => -1),
    )
  }

  look(i: number, linkType: number, packet: PacketBytes): Dissection {
    const dissection = this.#memory.dissect(i, linkType, packet)
    const slot = this.#memory.slot(i)
    if (dissection.kind === 'malformed') return dissection
    const begin = packet.end - this.#control.word(slot + SLOT.LENGTH)
    this.#packets[i] = { ...packet, start: begin }
    if (this.#hook.packet !== 'netfilter') this.#control.setWord(slot + SLOT.FLAGS, SLOT_FLAG.WRITABLE)
    else if (dissection.kind === 'ip' && dissection.network !== begin) {
      // there packets begin with the network layer
      const own = { ...packet, start: dissection.network }
      this.#memory.put(i, own, 0)
      this.#packets[i] = own
    }
    return dissection
  }

  ruled(i: number): 'accept' | 'drop' | undefined {
    const action = this.#memory.action(i, this.#record.address)
    if (action === RULE_ACTION.CALL) return undefined
    return action === RULE_ACTION.BLOCK ? 'drop' : 'accept'
  }

  judge(i: number): Verdict {
    const failed = this.#failures()
    const packet = this.#packets[i] as PacketBytes
    const serve = () => this.#fetch(packet)
    const head = this.#memory.slot(i) + SLOT.HEAD
    this.#window(0, SLOT.HEAD_BYTES).set(this.#control.bytesAt(head, SLOT.HEAD_BYTES))
    const verdict = internalsOf(this.state).callPacket(this.#record.address, this.#memory.slot(i), serve)
    if (this.#failures() !== failed) return { error: this.#takeError() }
    if (verdict === VERDICT.drop) return 'drop'
    const bytes = this.#changed(packet)
    return bytes === undefined ? 'accept' : { bytes, at: packet.start }
  }

  #packet(field: number): number {
    return this.#control.word(this.#control.address + CONTROL.PACKET + field)
  }

  #setPacket(field: number, value: number): void {
    this.#control.setWord(this.#control.address + CONTROL.PACKET + field, value)
  }

  /** What the VM asks for. */
  #fetch({ bytes, start, end }: PacketBytes): void {
    const [from, until, length] = [
      this.#packet(PACKET.FROM),
      this.#packet(PACKET.UNTIL),
      this.#packet(PACKET.RESIZE),
    ]
    if (length > 0) {
      this.#setPacket(PACKET.ACTUAL, length)
      this.#setPacket(PACKET.RESIZE, -2)
    }
    if (from >= until) return
    this.#window(from, until - from).set(bytes.subarray(start + from, Math.min(start + until, end)))
    this.#setPacket(PACKET.FROM, until)
  }

  #window(from: number, length: number): Uint8Array {
    return this.#control.bytesAt(this.#control.address + CONTROL.WINDOW + from, length)
  }

  /** The bytes of the packet under way, if the script has changed any. */
  #changed({ bytes, start, end }: PacketBytes): Uint8Array | undefined {
    const length = this.#packet(PACKET.LENGTH)
    if (this.#packet(PACKET.IS_DIRTY) === 0 && length === end - start) return undefined
    const changed = new Uint8Array(length)
    changed.set(bytes.subarray(start, Math.min(start + length, end)))
    const { nextDirty } = internalsOf(this.state)
    for (let at = nextDirty(); at >= 0; at = nextDirty())
      if (at < length) changed.set(this.#window(at, Math.min(PACKET.CHUNK, length - at)), at)
    return changed
  }

  /** Instructions that all calls have executed. */
  get fuelUsed(): number {
    return this.#control.count(this.#record.address + HOOK.FUEL_SUM)
  }

  #failures(): number {
    const { ERRORS, FUEL, MEMORY, NONSENSE, OVERDUE } = HOOK
    return [ERRORS, FUEL, MEMORY, NONSENSE, OVERDUE].reduce(
      (n, field) => n + this.#control.count(this.#record.address + field),
      0,
    )
  }

  /** What the call that has just failed has logged, which is forgotten there. */
  #takeError(): string {
    const { address } = this.#control
    const text = readLog(this.#control).records.findLast(({ kind }) => kind === 'error')?.text
    for (const field of [CONTROL.LOG_HEAD, CONTROL.LOG_TAIL]) this.#control.setLong(address + field, 0n)
    this.#control.bytesAt(address + CONTROL.LOG_RECENT, CONTROL.DESCRIPTION - CONTROL.LOG_RECENT).fill(0)
    return text ?? 'not enough memory'
  }
}
