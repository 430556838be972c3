/**
 * Checks on the module that is translated to eBPF what the VM keeps so that it can be, and translates well: the
 * instructions and sections of the subset, the parameters that fit into registers, no recursion, no globals, and
 * chains of calls that don't grow. The translator itself (src/translate) holds what it makes to the kernel's
 * limits, seven functions on a chain among them: it inlines what is too deep, and what is inlined in several
 * places makes the program longer. `--chains` lists the longest chain of calls below every function that has
 * more than those. In the VM's sources, it finds plain arithmetic on numbers that scripts choose.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { LIMITS } from '../src/translate/check-limits.ts'
import { readModule } from '../src/translate/read-module.ts'
import { KERNEL_WASM } from './build/kernel-vm.ts'
import { longestChains, recursions } from './check-vm/call-graph.ts'
import { readWasm } from './check-vm/read-wasm.ts'
import { findScriptNumbers } from './check-vm/script-numbers.ts'
import { callGraphOf, type Finding, refusedInstructions, refusedSections } from './check-vm/subset.ts'

/** Functions on a chain of calls after translation, `enter` included. */
const TRANSLATED_DEPTH = LIMITS.FRAMES - 1
/** Arguments of a function: registers r1 to r5. */
const PARAMETERS = 5

/** What the VM has now, and may not exceed. Lower the number, or drop a name, as soon as the check says so. */
const RATCHET = {
  /** Functions on the longest chain before the translator inlines any. */
  depth: 22,
  /** Groups of functions that call each other in a circle, as the check prints them. */
  recursive: [] as readonly string[],
}

/** The VM's sources, without tests. */
const sources = readdirSync('vm/assembly', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => `vm/assembly/${name}`)
  .map((name) => ({ name, text: readFileSync(name, 'utf8') }))

const bytes = readFileSync(KERNEL_WASM)
const wasm = readWasm(bytes)
const names = readModule(bytes).functions.map(({ name }) => name.replace(/^vm\/(assembly\/)?/, ''))

const nameOf = (f: number): string => names[f] as string
const path = (chain: readonly number[]): string => chain.map(nameOf).join(' → ')
const findings: Finding[] = [
  ...refusedSections(wasm),
  ...refusedInstructions(wasm, nameOf),
  ...findScriptNumbers(sources),
]
const gaps: string[] = []

wasm.functions.forEach(({ parameters }, f) => {
  if (parameters > PARAMETERS)
    findings.push(`${nameOf(f)} has ${parameters} parameters, more than ${PARAMETERS}`)
})

const graph = callGraphOf(wasm)
for (const group of recursions(graph)) {
  const members = group.map(nameOf).sort().join(', ')
  if (RATCHET.recursive.includes(members)) gaps.push(`recursion: ${members}`)
  else findings.push(`recursion: ${members}`)
}

const chains = longestChains(graph)
const deepest = chains[wasm.exports.get('enter') ?? -1] ?? []
const depth = deepest.length
if (depth > RATCHET.depth) findings.push(`call depth ${depth}, more than ${RATCHET.depth}: ${path(deepest)}`)
if (depth < RATCHET.depth) gaps.push(`RATCHET.depth can be lowered to ${depth}`)

if (process.argv.includes('--chains'))
  for (const chain of chains
    .filter(({ length }) => length > TRANSLATED_DEPTH)
    .sort((a, b) => b.length - a.length))
    process.stdout.write(`${chain.length} ${path(chain)}\n`)
for (const gap of gaps) process.stdout.write(`known gap: ${gap}\n`)
for (const finding of findings) process.stderr.write(`refused: ${finding}\n`)
process.exitCode = findings.length > 0 ? 1 : 0
