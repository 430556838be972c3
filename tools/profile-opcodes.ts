/**
 * Samples which opcodes the benchmarks execute, and writes how often each came to tools/build/opcode-profile.json:
 * the translator puts what is frequent near the root of the dispatcher's tree. Run it by hand when opcodes have
 * changed: `node dist/tools/profile-opcodes.js`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { G, STOP } from '../src/isa/layout.ts'
import { OPCODES } from '../src/isa/opcodes.ts'
import { State } from '../src/state/state.ts'
import { instantiate } from '../src/state/user-engine.ts'

/** Instructions between samples: a prime, so that loops don't keep step with it. */
const STRIDE = 1009

const counts = new Map<number, number>()

for (const file of readdirSync('bench/lua')) {
  const sampled = new Map<number, number>()
  const state = new State({ memory: 64 << 20, slice: STRIDE, seed: 1 }, (bytes) => {
    const instance = instantiate(bytes)
    const words = new Int32Array(instance.buffer)
    const code = new Uint8Array(instance.buffer)
    const enter: typeof instance.enter = (command, a, b) => {
      const reason = instance.enter(command, a, b)
      const opcode = code[words[G.AT >>> 2] as number] as number
      if (reason === STOP.FUEL) sampled.set(opcode, (sampled.get(opcode) ?? 0) + 1)
      return reason
    }
    return { ...instance, enter }
  })
  await state.load(readFileSync(`bench/lua/${file}`), { name: file })
  state.close()
  // each benchmark counts alike
  const total = [...sampled.values()].reduce((sum, n) => sum + n, 0)
  for (const [opcode, n] of sampled) counts.set(opcode, (counts.get(opcode) ?? 0) + n / total)
}

const all = [...counts.values()].reduce((sum, n) => sum + n, 0)
const shares = OPCODES.flatMap(({ name }, opcode) => {
  const share = Math.round(((counts.get(opcode) ?? 0) / all) * 1e5) / 1e5
  return share > 0 ? [[name, share] as const] : []
})
shares.sort((a, b) => b[1] - a[1])
writeFileSync('tools/build/opcode-profile.json', `${JSON.stringify(Object.fromEntries(shares), null, 2)}\n`)
