/**
 * Mode `packets`: damaged packets, match options or rules, and scripts, all at random, must come to the same in the hook in user
 * space as in the kernel's: verdict, bytes, and what is counted.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KernelStates } from '../../src/named/kernel-states.ts'
import type { MatchOptions } from '../../src/packet/match.ts'
import { Network } from '../network/network.ts'
import { damaged, FRAMES } from '../packets/packet-corpus.ts'
import { PacketPaths, type PathOptions } from '../packets/packet-paths.ts'
import type { FuzzMode, FuzzRun } from './mode.ts'
import { Random } from './random.ts'

/** Packets for one attachment, whose making takes far longer than theirs. */
const BATCH = 500
const HOOKS = ['tc/ingress', 'tc/egress', 'xdp', 'netfilter/local-in'] as const
const DEVICE = 'quiet'

/** What a packet comes to depends on its bytes alone: each seed is a case of its own. */
const SCRIPTS = {
  reads: `
    function filter(hdr, pld, pkt, eth)
      local n = #hdr * 31 + (pld and #pld * 7 + pld:sum() or 5) + (eth and #eth or 0) + hdr:sum() + pkt.rule
      local part, protocol = hdr:transport()
      if part then n = n + #part + protocol + part:sum() end
      local last = pld and pld:segment(#pld - 3)
      if last then n = n + last:layout { x = { 1, 13 } }.x end
      if n % 11 == 0 then error 'on purpose' end
      if n % 13 == 0 then return n end
      return n % 3 ~= 0
    end`,
  writes: `
    local new = ('\\xfd'):rep(8) .. ('\\1'):rep(8)
    local far = data.layout { a = { 61, 13 }, text = { 3, 9, 'string' } }
    function filter(hdr, pld, pkt, eth)
      if not pld then return hdr:sum() % 2 == 0 end
      local is6 = hdr:layout { version = { 0, 4 } }.version == 6
      hdr:rewrite(#pld % 2, is6 and new or 0xc0000201)
      hdr:rewrite(2 + #pld % 2, 61234)
      if #pld % 5 == 0 then pld = pld:resize(#pld // 2 + 9) or pld end
      pld:layout(far).a = 0x1555
      pld.text = 'abcdefghi'
      if #pld % 3 == 0 then hdr:seal(pld) end
      if #pld % 17 == 0 then return 'nonsense' end
      return #pld % 7 ~= 0
    end`,
} as const

function matchOf(random: Random, isNetfilter: boolean): MatchOptions {
  const port = () => random.one(['22', '53', '80', '443', '1-1024', '1024-65535', '0-65535', '40000'])
  const network = () =>
    random.one(['10.0.0.0/8', '192.0.2.0/24', '0.0.0.0/0', '10.0.0.1', '::/0', 'fd00::/8', '2001:db8::/32'])
  return {
    ...(random.chance(40) && { proto: random.one(['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', '47', '136']) }),
    ...(random.chance(25) && { port: port() }),
    ...(random.chance(25) && { dport: port() }),
    ...(random.chance(25) && { sport: port() }),
    ...(random.chance(25) && { saddr: network() }),
    ...(random.chance(25) && { daddr: network() }),
    ...(!isNetfilter &&
      random.chance(20) && { ethertype: random.one(['any', 'arp', 'ipv4', 'ipv6', '0x88cc']) }),
  }
}

/** Lua that makes a list of records, as packet.rules does. */
function rulesOf(random: Random, isNetfilter: boolean): string {
  const rules = random.some(1, 6, () => {
    const fields = Object.entries(matchOf(random, isNetfilter)).map(
      ([word, value]) => `['${word}'] = '${value}'`,
    )
    const action = random.one(['pass', 'block', 'call', 'call'])
    return `{ ${[`action = '${action}'`, ...fields, `final = ${random.chance(40)}`].join(', ')} }`
  })
  return `rules = { ${rules.join(', ')} }`
}

interface Setting {
  readonly options: PathOptions
  readonly script: string
}

function settingOf(batch: number): Setting {
  const random = new Random(batch)
  const hook = random.one(HOOKS)
  const isNetfilter = hook.startsWith('netfilter')
  const which = random.chance(50)
    ? { match: matchOf(random, isNetfilter) }
    : { rules: rulesOf(random, isNetfilter) }
  const script = isNetfilter ? SCRIPTS.reads : random.one([SCRIPTS.reads, SCRIPTS.writes])
  return { options: { hook, fuel: 100_000, default: random.one(['accept', 'drop']), ...which }, script }
}

const hex = (fate: Uint8Array | undefined) => (fate ? Buffer.from(fate).toString('hex') : 'dropped')

class PacketsRun implements FuzzRun {
  readonly #network = new Network()
  readonly #folder = mkdtempSync(join(tmpdir(), 'moonring-fuzz-'))
  readonly #bpffs = join(this.#folder, 'bpf')
  readonly #states = new KernelStates({ bpffs: this.#bpffs })
  readonly #namespace = this.#network.namespace('fuzz')
  #batch = -1
  #paths: PacketPaths | undefined
  #compared = 0
  #called = 0

  constructor() {
    this.#namespace.ip('link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', 'other')
  }

  async difference(seed: number): Promise<string | undefined> {
    const paths = await this.#attach(Math.floor(seed / BATCH))
    const random = new Random(seed)
    const packet = damaged(random.one(Object.values(FRAMES)), random)
    if (!paths.takes(packet)) return undefined
    const before = JSON.stringify(paths.figures().user)
    const [kernel, user] = [hex(paths.inKernel(packet)), hex(paths.inUserSpace(packet))]
    const figures = paths.figures()
    this.#compared++
    if (JSON.stringify(figures.user) !== before) this.#called++
    const [inKernel, inUser] = [JSON.stringify(figures.kernel), JSON.stringify(figures.user)]
    if (kernel === user && inKernel === inUser) return undefined
    const { options, script } = settingOf(this.#batch)
    await this.#detach() // figures differ from now on
    return `${JSON.stringify(options)}\n${script}\npacket:     ${hex(packet)}\nuser space: ${user} ${inUser}\nkernel:     ${kernel} ${inKernel}`
  }

  async #attach(batch: number): Promise<PacketPaths> {
    if (this.#paths !== undefined && batch === this.#batch) return this.#paths
    await this.#detach()
    const { options, script } = settingOf(batch)
    const home = { states: this.#states, bpffs: this.#bpffs }
    const place = { netns: this.#namespace.name, device: DEVICE }
    const paths = await PacketPaths.make(home, 'fuzz', place, options)
    this.#paths = paths
    this.#batch = batch
    await paths.load(script)
    return paths
  }

  async #detach(): Promise<void> {
    const paths = this.#paths
    this.#paths = undefined
    await paths?.close()
  }

  summary(): string {
    return `${this.#compared} packets compared, of which ${this.#called} reached a script`
  }

  async close(): Promise<void> {
    await this.#detach()
    spawnSync('umount', [this.#bpffs])
    rmSync(this.#folder, { recursive: true })
    await this.#network.remove()
  }
}

/** There is nothing to compare without the kernel. */
const NOTHING: FuzzRun = {
  difference: () => undefined,
  summary: () => 'nothing is compared without the kernel',
}

export const PACKETS_MODE: FuzzMode = {
  name: 'packets',
  about: 'damaged packets, options, rules and scripts: the same in user space and in the kernel',
  start: ({ kernel }) => (kernel ? new PacketsRun() : NOTHING),
}
