/**
 * Makes dist/vm/moonring.bpf, the VM as an eBPF program, and look.bpf, which hooks for packets have besides. The module that is translated is optimised for size: the
 * translator itself decides what is inlined, by what the kernel allows.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { SourceMapConsumer } from 'source-map-js'
import { writeSpec } from '../../src/ebpf/spec-file.ts'
import { MEMORY } from '../../src/isa/layout.ts'
import { OPCODES } from '../../src/isa/opcodes.ts'
import { type TranslateOptions, translate } from '../../src/translate/translate.ts'
import { compileVm } from './compile-vm.ts'

export const KERNEL_WASM = 'dist/vm/moonring-kernel.wasm'

/** The function with the dispatcher, into which its only caller has been put or not. */
const DISPATCHERS = ['vm/generated/dispatch/run', 'vm/assembly/enter/runSlice']

/** How often the dispatcher meets each opcode, by its number. */
function opcodeWeights(): number[] {
  const shares = JSON.parse(readFileSync('tools/build/opcode-profile.json', 'utf8')) as Record<string, number>
  return OPCODES.map(({ name }) => shares[name] ?? 0)
}

/** What bodies in the place of frequent calls may cost: the program is longer by about as many instructions. */
const GROWTH = 10_000

/** How often functions of the VM call each other, by their names. */
function callProfile(): Map<string, number> {
  return new Map(Object.entries(JSON.parse(readFileSync('tools/build/call-profile.json', 'utf8'))))
}

/** How the VM is translated. */
export function vmOptions(): TranslateOptions {
  const { ZERO, TRAP, FRAMES, FRAMES_BYTES } = MEMORY
  return {
    roots: ['enter'],
    memory: { zero: ZERO, trap: TRAP, frames: { address: FRAMES, bytes: FRAMES_BYTES } },
    profile: new Map(DISPATCHERS.map((name) => [name, opcodeWeights()])),
    frequent: { calls: callProfile(), growth: GROWTH },
    lineOf: lineFinder(`${KERNEL_WASM}.map`),
  }
}

/** How the part is translated that looks at packets, on several processors at once. */
export function lookOptions(): TranslateOptions {
  const { memory, lineOf } = vmOptions() as Required<Pick<TranslateOptions, 'memory' | 'lineOf'>>
  const roots = ['dissect', 'matchRules', 'matches']
  return { roots, reentrant: roots, memory, lineOf, small: 200 }
}

/** Lines of the sources by offset in the module: WebAssembly's source maps have it as the column of line 1. */
function lineFinder(path: string): NonNullable<TranslateOptions['lineOf']> {
  const map = new SourceMapConsumer(JSON.parse(readFileSync(path, 'utf8')))
  return (column) => {
    const { source, line } = map.originalPositionFor({ line: 1, column })
    // the map's root is the module's name
    return source === null ? undefined : { file: source.replace(/^[\w-]+\/(?=vm\/)/, ''), line }
  }
}

export async function buildKernelVm(): Promise<void> {
  await compileVm(KERNEL_WASM, ['-O3z', '--debug', '--sourceMap'])
  const { spec, report } = translate(readFileSync(KERNEL_WASM), vmOptions())
  writeFileSync('dist/vm/moonring.bpf', writeSpec(spec))
  writeFileSync('dist/vm/look.bpf', writeSpec(translate(readFileSync(KERNEL_WASM), lookOptions()).spec))
  writeFileSync('dist/vm/moonring.bpf.json', `${JSON.stringify(report)}\n`)
}
