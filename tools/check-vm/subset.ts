/** The subset of WebAssembly that can be translated to eBPF, and what of a module lies outside it. */
import type { CallGraph } from './call-graph.ts'
import type { WasmModule } from './read-wasm.ts'

/** A violation, as text for people. */
export type Finding = string

/** Opcodes by first and last; everything else is refused. */
const ALLOWED: readonly (readonly [number, number])[] = [
  [0x00, 0x05], // unreachable, nop, block, loop, if, else
  [0x0b, 0x10], // end, br, br_if, br_table, return, call
  [0x1a, 0x1b], // drop, select
  [0x20, 0x23], // local.get, local.set, local.tee, global.get
  [0x28, 0x29], // i32.load, i64.load
  [0x2c, 0x37], // loads of 8, 16 and 32 bits, i32.store, i64.store
  [0x3a, 0x3e], // stores of 8, 16 and 32 bits
  [0x41, 0x42], // i32.const, i64.const
  [0x45, 0x5a], // comparisons of integers
  [0x67, 0x8a], // arithmetic of integers
  [0xa7, 0xa7], // i32.wrap_i64
  [0xac, 0xad], // i64.extend_i32
]

/** Why an opcode is refused, for those that a compiler may well emit. */
const REASONS: readonly (readonly [number, number, string])[] = [
  [0x11, 0x11, 'indirect call'],
  [0x24, 0x24, 'write to a global'],
  [0x2a, 0x2b, 'float load'],
  [0x38, 0x39, 'float store'],
  [0x3f, 0x3f, 'memory.size'],
  [0x40, 0x40, 'memory.grow'],
  [0x43, 0x44, 'float constant'],
  [0x5b, 0x66, 'float comparison'],
  [0x8b, 0xa6, 'float arithmetic'],
  [0xa8, 0xab, 'conversion from float'],
  [0xae, 0xbf, 'conversion from or to float'],
  [0xc0, 0xc4, 'sign extension operator'],
  [0xfc00, 0xfc07, 'saturating conversion from float'],
  [0xfc08, 0xfc0e, 'bulk memory operation'],
]

const within = (opcode: number, ranges: readonly (readonly [number, number, ...unknown[]])[]): number =>
  ranges.findIndex(([first, last]) => opcode >= first && opcode <= last)

/** Instructions outside the subset, once for each function and kind. */
export function refusedInstructions(module: WasmModule, nameOf: (f: number) => string): Finding[] {
  const findings = new Set<Finding>()
  module.functions.forEach(({ instructions }, f) => {
    for (const { opcode, index } of instructions) {
      if (opcode === 0x23 && module.mutableGlobals[index])
        findings.add(`${nameOf(f)}: read of a mutable global`)
      if (within(opcode, ALLOWED) >= 0) continue
      const reason = REASONS[within(opcode, REASONS)]?.[2] ?? 'instruction outside the subset'
      findings.add(`${nameOf(f)}: ${reason} (0x${opcode.toString(16)})`)
    }
  })
  return [...findings]
}

/** Sections that would need something at run time that eBPF programs don't have. */
export function refusedSections(module: WasmModule): Finding[] {
  const findings: Finding[] = []
  for (const { module: from, name, kind } of module.imports)
    if (kind !== 2) findings.push(`import of ${from}.${name}: only a memory may be imported`)
  if (module.tables > 0) findings.push('a table')
  if (module.elements > 0) findings.push('an element segment')
  if (module.dataSegments > 0) findings.push('a data segment: the memory is filled by the driver alone')
  if (module.hasStart) findings.push('a start function')
  return findings
}

/** Who calls whom. No function is imported, so that `call` counts from 0 as the functions do. */
export function callGraphOf(module: WasmModule): CallGraph {
  return module.functions.map(({ instructions }) => [
    ...new Set(instructions.filter(({ opcode }) => opcode === 0x10).map(({ index }) => index)),
  ])
}
