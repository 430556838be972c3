/**
 * Counts which functions of the VM call which over the benchmarks and a packet filter, and writes to tools/build/call-profile.json how
 * many calls come to a thousand of the VM's instructions: the translator puts the bodies of what is called often in
 * the place of the calls. Run it by hand when paths through the VM have changed: `node dist/tools/profile-calls.js`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import binaryen from 'binaryen'
import type { KernelHook } from '../src/hook/subsystem.ts'
import { CONTROL } from '../src/isa/layout.ts'
import { PacketHook, type PacketInstance } from '../src/named/packet-hook.ts'
import { readCapture } from '../src/packet/capture-file.ts'
import { runFilter } from '../src/packet/filter.ts'
import type { Look } from '../src/packet/packet-memory.ts'
import type { Enter, Instance } from '../src/state/engine.ts'
import { State } from '../src/state/state.ts'
import { findHook } from '../src/subsystems/find.ts'
import { KERNEL_WASM } from './build/kernel-vm.ts'

/** Calls per thousand instructions that are worth noting, at least. */
const LEAST = 0.5
/** Counters' names start with this, and go on with caller and callee. */
const PREFIX = 'calls '
/** Instructions of a benchmark that are looked at. */
const FUEL = 20_000_000
/** How many benchmarks a packet filter counts for: hooks are what the kernel's VM is for. */
const PACKETS = 6

/** The module in which every call goes by way of a function that counts it, one for each caller and callee. */
function instrument(bytes: Uint8Array): Uint8Array {
  const lines = binaryen.readBinary(bytes).emitText().split('\n')
  const heads = new Map<string, string>()
  for (const line of lines) {
    const [, name, head] = /^ \(func (\S+)((?: \((?:param|result) [^)]*\))*)/.exec(line) ?? []
    if (name !== undefined) heads.set(name, head as string)
  }
  const added = new Map<string, string>()
  let caller = ''
  const instrumented = lines.map((line) => {
    caller = /^ \(func (\S+)/.exec(line)?.[1] ?? caller
    return line.replace(/\(call (\S+?)(?=[\s)]|$)/g, (_, callee: string) => {
      const counter = `$count${added.size}`
      const key = `${caller.slice(1)} ${callee.slice(1)}`
      const head = (heads.get(callee) ?? '').replace(/ \(type [^)]*\)/, '')
      const parameters = [...head.matchAll(/\(param (\S+)/g)].map(([, name]) => `(local.get ${name})`)
      if (!added.has(key))
        added.set(
          key,
          `(global ${counter} (export "${PREFIX}${key}") (mut i64) (i64.const 0))
           (func ${counter}${head} (global.set ${counter} (i64.add (global.get ${counter}) (i64.const 1)))
             (call ${callee} ${parameters.join(' ')}))`,
        )
      return `(call $count${[...added.keys()].indexOf(key)}`
    })
  })
  const end = instrumented.lastIndexOf(')')
  const text = [...instrumented.slice(0, end), ...added.values(), ')'].join('\n')
  return binaryen.parseText(text).emitBinary()
}

interface Counting {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, { value: bigint }>> }
}
const NODE = (globalThis as unknown as { WebAssembly: Counting }).WebAssembly

const module = new NODE.Module(instrument(readFileSync(KERNEL_WASM)))
const shares = new Map<string, number>()
const files = readdirSync('bench/lua')
/** The exports of the instance that was made last. */
let exported: Readonly<Record<string, { value: bigint }>> = {}

function counting(bytes: number): Instance {
  const pages = Math.ceil(bytes / 65536)
  const memory = new NODE.Memory({ initial: pages, maximum: pages })
  exported = new NODE.Instance(module, { env: { memory } }).exports
  const enter = exported.enter as unknown as Enter
  return { buffer: memory.buffer, enter, look: exported as unknown as Look, close() {} }
}

/** Adds the calls of a step, which executes as many instructions as it tells. All steps of a weight count alike. */
async function count(step: () => Promise<number> | number, weight = 1): Promise<void> {
  const counters = exported
  const before = new Map(Object.entries(counters).map(([name, counter]) => [name, Number(counter.value)]))
  const spent = await step()
  for (const [name, counter] of Object.entries(counters)) {
    if (!name.startsWith(PREFIX)) continue
    const calls = Number(counter.value) - (before.get(name) ?? 0)
    const key = name.slice(PREFIX.length)
    shares.set(key, (shares.get(key) ?? 0) + (weight * calls * 1000) / spent / files.length)
  }
}

for (const file of files) {
  const state = new State({ memory: 64 << 20, fuel: FUEL, seed: 1 }, counting)
  await count(async () => {
    // a benchmark that is longer stops in its middle
    await state.load(readFileSync(`bench/lua/${file}`), { name: file }).catch(() => {})
    return state.fuelUsed
  })
}

const { hook, subsystem } = findHook('netfilter/local-in')
const packets = new PacketHook({ hook: hook as KernelHook, subsystem }, {}, (limit) => ({
  ...(counting(limit + CONTROL.BYTES) as PacketInstance),
  control: limit,
}))
await packets.state.load(readFileSync('examples/ssh-filter.lua'), { name: 'ssh-filter.lua' })
await count(() => {
  runFilter(readCapture('examples/captures/ssh.pcap'), packets, { loop: 20 })
  return packets.fuelUsed
}, PACKETS)

const often = [...shares].filter(([, share]) => share >= LEAST).sort((a, b) => b[1] - a[1])
const rounded = Object.fromEntries(often.map(([key, share]) => [key, Math.round(share * 10) / 10]))
writeFileSync('tools/build/call-profile.json', `${JSON.stringify(rounded, null, 2)}\n`)
