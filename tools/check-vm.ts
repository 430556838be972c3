/**
 * Checks on dist/vm/moonring.wasm what the translation to eBPF relies on: the instructions and sections it can
 * translate, the parameters and the call depth that the kernel's verifier allows, no recursion, no globals.
 * What the VM doesn't keep yet is in KNOWN_GAPS, which may only shrink. `--chains` lists the longest chain of
 * calls below every function that has one too long.
 */
import { readFileSync } from 'node:fs'
import { longestChains, recursions } from './check-vm/call-graph.ts'
import { readWasm } from './check-vm/read-wasm.ts'
import { callGraphOf, type Finding, refusedInstructions, refusedSections } from './check-vm/subset.ts'

/** Functions on a chain of calls, `enter` included: the verifier allows eight frames, and the hook's own is one. */
const DEPTH = 7
/** Arguments of a function: registers r1 to r5. */
const PARAMETERS = 5

/** What is allowed for now. Lower a number, or drop a name, as soon as the check says that the VM is better. */
const KNOWN_GAPS = {
  /** Functions on the longest chain. */
  depth: 20,
  /** Groups of functions that call each other in a circle, as the check prints them. */
  recursive: [] as readonly string[],
}

/** Names of the functions in the order of the module, from the text that the same build writes. */
function readNames(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^ \(func \$(\S+)/gm)].map(([, name]) =>
    String(name).replace(/^vm\/(assembly\/)?/, ''),
  )
}

const wasm = readWasm(readFileSync('dist/vm/moonring.wasm'))
const names = readNames('dist/vm/moonring.wat')
if (names.length !== wasm.functions.length)
  throw new Error('dist/vm/moonring.wat is of another build: npm run build')

const nameOf = (f: number): string => names[f] as string
const path = (chain: readonly number[]): string => chain.map(nameOf).join(' → ')
const findings: Finding[] = [...refusedSections(wasm), ...refusedInstructions(wasm, nameOf)]
const gaps: string[] = []

wasm.functions.forEach(({ parameters }, f) => {
  if (parameters > PARAMETERS)
    findings.push(`${nameOf(f)} has ${parameters} parameters, more than ${PARAMETERS}`)
})

const graph = callGraphOf(wasm)
for (const group of recursions(graph)) {
  const members = group.map(nameOf).sort().join(', ')
  if (KNOWN_GAPS.recursive.includes(members)) gaps.push(`recursion: ${members}`)
  else findings.push(`recursion: ${members}`)
}

const chains = longestChains(graph)
const deepest = chains[wasm.exports.get('enter') ?? -1] ?? []
const depth = deepest.length
if (depth > Math.max(DEPTH, KNOWN_GAPS.depth)) findings.push(`call depth ${depth}: ${path(deepest)}`)
else if (depth > DEPTH) gaps.push(`call depth ${depth} instead of ${DEPTH}: ${path(deepest)}`)
if (depth < KNOWN_GAPS.depth) gaps.push(`KNOWN_GAPS.depth can be lowered to ${Math.max(depth, DEPTH)}`)

if (process.argv.includes('--chains'))
  for (const chain of chains.filter(({ length }) => length >= DEPTH).sort((a, b) => b.length - a.length))
    process.stdout.write(`${chain.length} ${path(chain)}\n`)
for (const gap of gaps) process.stdout.write(`known gap: ${gap}\n`)
for (const finding of findings) process.stderr.write(`refused: ${finding}\n`)
process.exitCode = findings.length > 0 ? 1 : 0
