/**
 * The two ways of a packet to a script, side by side: the hook in user space that `moonring filter` uses, and the program
 * of an attached state in the kernel, which BPF_PROG_TEST_RUN gives packets to.
 */
import { join } from 'node:path'
import { HOOK, HOOK_STATUS, MEMORY } from '../../src/isa/layout.ts'
import { openPinnedProgram } from '../../src/kernel/pin.ts'
import type { Program } from '../../src/kernel/program.ts'
import { ControlBlock, type HookRecord } from '../../src/named/control-block.ts'
import { sum } from '../../src/named/histogram.ts'
import type { KernelState } from '../../src/named/kernel-state.ts'
import type { KernelStates } from '../../src/named/kernel-states.ts'
import { PacketHook } from '../../src/named/packet-hook.ts'
import { LINK_ETHERNET, LINK_RAW } from '../../src/packet/link-type.ts'
import { type MatchOptions, parseMatch } from '../../src/packet/match.ts'
import { internalsOf, type State } from '../../src/state/state.ts'
import { findHook } from '../../src/subsystems/find.ts'
import { contextField, packetContext } from './packet-context.ts'

/** What becomes of a packet: its bytes, or undefined where it is dropped. */
export type Fate = Uint8Array | undefined

export interface PathOptions {
  readonly hook: 'tc/ingress' | 'tc/egress' | 'xdp' | 'netfilter/local-in'
  readonly default?: 'accept' | 'drop'
  readonly memory?: number
  readonly fuel?: number
  readonly proto?: string
  readonly ethertype?: string
  readonly match?: MatchOptions
  /** Lua that sets the global `rules`, in place of match options. */
  readonly rules?: string
}

/** Where states in the kernel are made: their bpffs. */
export interface Home {
  readonly states: KernelStates
  readonly bpffs: string
}

/** Where the state is attached. */
export interface Place {
  readonly netns: string
  readonly device: string
}

/** Results of programs by which packets are dropped: NF_DROP, TCX_DROP, XDP_DROP. */
const DROPPED: Readonly<Record<string, number>> = { NETFILTER: 0, SCHED_CLS: 2, XDP: 1 }

export class PacketPaths {
  readonly #options: PathOptions
  readonly state: KernelState
  readonly #program: Program
  readonly user: PacketHook

  private constructor(options: PathOptions, state: KernelState, program: Program, user: PacketHook) {
    this.#options = options
    this.state = state
    this.#program = program
    this.user = user
  }

  /** States on both sides; that in the kernel is attached to a device of a namespace, for the program's sake. */
  static async make(home: Home, name: string, place: Place, options: PathOptions): Promise<PacketPaths> {
    const { memory, fuel } = options
    const limits = { ...(memory && { memory }), ...(fuel && { fuel }) }
    const state = await home.states.create(name, limits)
    try {
      return await PacketPaths.#attach(state, join(home.bpffs, `moonring/${name}/program-0`), place, options)
    } catch (error) {
      await state.destroy()
      throw error
    }
  }

  static async #attach(
    state: KernelState,
    pin: string,
    { netns, device }: Place,
    options: PathOptions,
  ): Promise<PacketPaths> {
    const { hook, proto, ethertype, rules: text, match: given, ...rest } = options
    const match = { ...given, ...(proto && { proto }), ...(ethertype && { ethertype }) }
    if (text !== undefined) await state.load({ name: 'rules.lua', text }, () => {})
    const target = hook.startsWith('netfilter') ? {} : { target: device }
    await state.attach(hook, {
      netns,
      ...(text === undefined ? { match } : { rules: true }),
      later: true,
      ...target,
      ...(rest.default && { default: rest.default }),
    })
    const found = findHook(hook)
    const rules = [{ match: parseMatch(match, () => 0), action: 'CALL' as const }]
    const user = new PacketHook(found as ConstructorParameters<typeof PacketHook>[0], { ...rest, rules })
    if (text !== undefined) {
      user.state.loadSync(text)
      user.useRules()
    }
    for (const each of [state.states[0] as State, user.state]) withoutDeadline(each)
    return new PacketPaths(options, state, openPinnedProgram(pin), user)
  }

  /** Loads a script on both sides. */
  async load(script: string): Promise<void> {
    const text = `seen, n = nil\n${script}`
    await this.state.load({ name: 'paths.lua', text }, () => {})
    this.user.state.loadSync(text, { name: 'paths.lua' })
  }

  /** Whether a test run takes a packet: that of XDP wants an Ethernet header, others the IP header behind it, too. */
  takes(packet: Uint8Array): boolean {
    const { length } = packet
    if (this.#program.type === 'XDP') return length >= 14
    const type = length < 15 ? 0 : ((packet[12] as number) << 8) | (packet[13] as number)
    const version = (packet[14] ?? 0) >> 4
    if (this.#program.type === 'NETFILTER')
      return (version === 4 && length >= 34) || (version === 6 && length >= 54)
    return length > (type === 0x0800 ? 33 : type === 0x86dd ? 53 : 14)
  }

  /** The packet, from its Ethernet header on, in the kernel. */
  inKernel(packet: Uint8Array): Fate {
    const { type } = this.#program
    const data = type === 'NETFILTER' ? packet.subarray(14) : packet
    const context = type === 'XDP' && packetContext('xdp_md', { data_end: data.length })
    const { retval, dataOut } = this.#program.run({ data, ...(context && { context }) })
    if (retval === DROPPED[type]) return undefined
    return type === 'NETFILTER' ? packet : dataOut
  }

  /** The mark that a packet with the mark 41 has afterwards, on tc in the kernel. */
  markOf(packet: Uint8Array): number {
    const { contextOut } = this.#program.run({
      data: packet,
      context: packetContext('__sk_buff', { mark: 41 }),
    })
    return contextField('__sk_buff', contextOut, 'mark')
  }

  inUserSpace(packet: Uint8Array): Fate {
    const { user } = this
    const isNetfilter = this.#program.type === 'NETFILTER'
    const start = isNetfilter ? 14 : 0
    const range = { bytes: packet, start, end: packet.length }
    if (user.look(0, isNetfilter ? LINK_RAW : LINK_ETHERNET, range).kind === 'malformed') return packet
    const verdict = user.ruled(0) ?? user.judge(0)
    if (verdict === 'accept') return packet
    if (verdict === 'drop') return undefined
    if ('error' in verdict) return this.#options.default === 'drop' ? undefined : packet
    return Buffer.concat([packet.subarray(0, verdict.at), verdict.bytes])
  }

  /** What both have counted: calls, verdicts, fallbacks by cause. Fuel differs by what the collector does, and when. */
  figures(): { readonly kernel: object; readonly user: object } {
    return { kernel: countedBy(this.state.states[0] as State), user: countedBy(this.user.state) }
  }

  /** Nanoseconds of all calls in the kernel that were timed, and how many these are. */
  times(): { readonly sum: number; readonly timed: number } {
    const { control, record } = hookOf(this.state.states[0] as State)
    const { sums, times } = control.figures(record)
    return { sum: sums.time, timed: sum(times) }
  }

  /** The value of an expression, on both sides. */
  async value(expression: string): Promise<{ readonly kernel: unknown; readonly user: unknown }> {
    const code = `return ${expression}`
    const [kernel] = (await this.state.states[0]?.load(code)) ?? []
    return { kernel, user: this.user.state.loadSync(code)[0] }
  }

  async close(): Promise<void> {
    this.#program.close()
    this.user.state.close()
    await this.state.destroy()
  }
}

/** The hook that a state is attached to. */
function hookOf(state: State): { readonly control: ControlBlock; readonly record: HookRecord } {
  const { memory } = internalsOf(state)
  const control = new ControlBlock(memory.words.buffer as ArrayBuffer, memory.word(MEMORY.CONTROL))
  return { control, record: control.hooks(HOOK_STATUS.ACTIVE)[0] as HookRecord }
}

/** A test run may lose its processor for longer than a call of a hook may take: no deadline, then. */
function withoutDeadline(state: State): void {
  const { control, record } = hookOf(state)
  control.setLimits(record, { ...control.limitsOf(record), deadline: 3_600_000_000_000 })
}

function countedBy(state: State): object {
  const { memory } = internalsOf(state)
  const { control, record } = hookOf(state)
  const { address } = record
  const count = (field: number) => Number(control.count(address + field))
  const { CALLS, ERRORS, FUEL, MEMORY: OF_MEMORY, NONSENSE, VERDICTS } = HOOK
  return {
    trapped: memory.word(MEMORY.TRAP),
    calls: count(CALLS),
    error: count(ERRORS),
    fuel: count(FUEL),
    memory: count(OF_MEMORY),
    nonsense: count(NONSENSE),
    verdicts: Array.from({ length: 8 }, (_, i) => count(VERDICTS + 8 * i)),
  }
}
