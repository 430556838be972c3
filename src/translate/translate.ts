/**
 * The translator: from a WebAssembly module to an eBPF program's spec. It knows nothing of Lua: any module of
 * the subset will do. The passes, in order, are the calls in `translateFunction` and `translate`.
 */
import { encode, type Instruction } from '../ebpf/instruction.ts'
import type { FunctionSpec, ProgramSpec, SourcePosition } from '../ebpf/program-spec.ts'
import { allocate, placeKey } from './allocate.ts'
import { buildSsa } from './build-ssa.ts'
import { checkIr } from './check-ir.ts'
import { checkLimits, type FunctionShape, LIMITS } from './check-limits.ts'
import { checkSubset } from './check-subset.ts'
import { dumpFunction } from './dump-ir.ts'
import { emit } from './emit.ts'
import { TranslateError } from './errors.ts'
import { expand } from './expand.ts'
import { estimateFrequencies } from './frequency.ts'
import type { Func } from './ir.ts'
import { checkReentrant, layoutFrames } from './layout-frames.ts'
import { needsPlace } from './liveness.ts'
import type { CodeItem } from './machine-code.ts'
import { type Body, type InliningLimits, planInlining } from './plan-inlining.ts'
import { type Memory, prepare } from './prepare.ts'
import { readModule, type WasmModule } from './read-module.ts'
import { simplify } from './simplify.ts'
import { splitEdges } from './split-edges.ts'

export { TranslateError }

/** Passes after which a function can be printed. */
export const PASSES = ['ssa', 'simplify', 'expand', 'prepare', 'edges', 'allocate'] as const
export type Pass = (typeof PASSES)[number]

export interface TranslateOptions {
  /** Exported functions that are to be called; default: all exports. */
  readonly roots?: readonly string[]
  /** Exported functions that several processors may execute at once: neither they nor what they call may have frames. */
  readonly reentrant?: readonly string[]
  /** Addresses in the memory that translated code uses for itself. */
  readonly memory?: Memory
  /** Functions on a chain of calls, at most; default: what the kernel allows beside the main program. */
  readonly frames?: number
  /** Functions of no more than so many WebAssembly instructions are always inlined. */
  readonly small?: number
  /** How often functions call each other, and what bodies in the place of frequent calls may cost together. */
  readonly frequent?: InliningLimits['frequent']
  /** File and line for an offset in the module. */
  readonly lineOf?: (wasmOffset: number) => { file: string; line: number } | undefined
  /** How often each case of a function's largest switch is taken, by the function's name. */
  readonly profile?: ReadonlyMap<string, readonly number[]>
  /** Receives each function after this pass. */
  readonly dump?: { readonly pass: Pass; readonly write: (text: string) => void }
  /** Checks the intermediate code after each pass. */
  readonly check?: boolean
}

/** What translation came to. */
export interface TranslateReport {
  readonly functions: number
  readonly instructions: number
  /** Functions on the longest chain of calls. */
  readonly depth: number
  /** Bytes of stack on the costliest chain of calls. */
  readonly stack: number
  /** Bytes of memory that frames take. */
  readonly frames: number
}

const MEMORY: Memory = { zero: 8, trap: 16, frames: { address: 24, bytes: 1000 } }
const NAME_BYTES = 63
const SMALL = 16
/** Leaves room for a main program with functions of its own. */
const MOST_FUNCTIONS = 240

interface Translated {
  readonly shape: FunctionShape
  /** The instructions, once the address of the frame is known. */
  readonly finish: (frame: number) => CodeItem[]
}

function translateFunction(
  module: WasmModule,
  body: Body,
  memory: Memory,
  options: TranslateOptions,
): Translated {
  const after = (pass: Pass, noteOf?: Parameters<typeof dumpFunction>[1]): void => {
    if (options.check) {
      const [problem] = checkIr(f)
      if (problem) throw new Error(`after the pass ${pass}: ${problem}`)
    }
    if (options.dump?.pass === pass) options.dump.write(dumpFunction(f, noteOf))
  }
  const f: Func = buildSsa(module, body)
  after('ssa')
  simplify(f)
  after('simplify')
  expand(f)
  after('expand')
  prepare(f)
  after('prepare')
  splitEdges(f)
  const weights = options.profile?.get(f.name)
  estimateFrequencies(f, weights)
  after('edges')
  const allocation = allocate(f)
  after('allocate', (node) => (needsPlace(node) ? ` → ${placeKey(allocation.placeOf(node))}` : ''))
  const callees = f.blocks.flatMap(({ nodes }) =>
    nodes.flatMap(({ kind, index }) => (kind === 'call' ? [index] : [])),
  )
  const shape: FunctionShape = {
    name: f.name,
    parameters: f.parameters.length,
    slots: allocation.slots,
    hasLoop: f.blocks.some(({ isHeader }) => isHeader),
    callees: [...new Set(callees)],
  }
  return { shape, finish: (frame) => emit(f, allocation, memory, frame, weights).resolve() }
}

/**
 * Translates the roots and what is called from them. Of the bodies planned, those that only unreachable code calls
 * are left out: the kernel takes for functions only what is called.
 */
function translateCalled(
  module: WasmModule,
  bodies: readonly Body[],
  roots: readonly number[],
  memory: Memory,
  options: TranslateOptions,
): Map<number, Translated> {
  const called = new Set(roots)
  const translated = new Map<number, Translated>()
  // callers come before callees
  for (const body of bodies) {
    if (!called.has(body.callee)) continue
    const done = translateFunction(module, body, memory, options)
    translated.set(body.callee, done)
    for (const callee of done.shape.callees) called.add(callee)
  }
  return translated
}

/** A name as a C identifier: the last two parts of a path. */
function identifierOf(name: string): string {
  const parts = name.split('/').slice(-2).join('_')
  return parts
    .replace(/\W/g, '_')
    .replace(/^(?=\d|$)/, '_')
    .slice(0, NAME_BYTES)
}

/** Names of the functions placed, each once. Exported names come first, so that none of them has to change. */
function namesOf(
  module: WasmModule,
  all: readonly Placed[],
  roots: readonly string[] = [],
): Map<number, string> {
  // where a function has several names, the first one counts, and before all the one that was asked for
  const exported = new Map<number, string>()
  for (const name of [...roots, ...module.exports.keys()]) {
    const index = module.exports.get(name) as number
    if (!exported.has(index)) exported.set(index, name)
  }
  const used = new Set<string>()
  const names = new Map<number, string>()
  const isExported = ({ index }: Placed): boolean => exported.has(index)
  for (const { index, shape } of [...all.filter(isExported), ...all.filter((one) => !isExported(one))]) {
    const base = identifierOf(exported.get(index) ?? shape.name)
    let unique = base
    for (let n = 2; used.has(unique); n++) unique = `${base.slice(0, NAME_BYTES - 4)}_${n}`
    used.add(unique)
    names.set(index, unique)
  }
  return names
}

function rootsOf(module: WasmModule, names: readonly string[] | undefined): number[] {
  if (!names) return [...module.exports.values()]
  return names.map((name) => {
    const index = module.exports.get(name)
    if (index === undefined)
      throw new TranslateError('OPTION', `Cannot translate: the module exports no function '${name}'`)
    return index
  })
}

interface Placed {
  readonly index: number
  readonly shape: FunctionShape
  readonly items: readonly CodeItem[]
}

/** Puts the functions behind each other and fills in the distances of calls. */
function assemble(module: WasmModule, all: readonly Placed[], options: TranslateOptions): ProgramSpec {
  const names = namesOf(module, all, options.roots)
  const starts = new Map<number, number>()
  const functions: FunctionSpec[] = []
  let start = 0
  for (const { index, shape, items } of all) {
    starts.set(index, start)
    const name = names.get(index) as string
    functions.push({ name, start, parameters: shape.parameters, linkage: 'global' })
    start += items.length
  }
  const items = all.flatMap(({ items: own }) => own)
  const instructions = items.map(
    ({ instruction, callee }, i): Instruction =>
      callee === undefined ? instruction : { ...instruction, imm: (starts.get(callee) as number) - i - 1 },
  )
  const positionOf = (i: number): SourcePosition | undefined => {
    const wasmOffset = items[i]?.position ?? -1
    return wasmOffset < 0 ? undefined : { wasmOffset, ...options.lineOf?.(wasmOffset) }
  }
  return { instructions: encode(instructions), functions, references: [], positionOf }
}

/**
 * Translates a module. The spec has no main program: whoever links it with one calls the exported functions,
 * under their exported names, with 32-bit arguments extended by zeros.
 * @throws TranslateError for what lies outside the subset or beyond the kernel's limits.
 */
export function translate(
  bytes: Uint8Array,
  options: TranslateOptions = {},
): { spec: ProgramSpec; report: TranslateReport } {
  const module = readModule(bytes)
  checkSubset(module)
  const roots = rootsOf(module, options.roots)
  const bodies = planInlining(module, roots, {
    frames: options.frames ?? LIMITS.FRAMES - 1,
    functions: MOST_FUNCTIONS,
    small: options.small ?? SMALL,
    frequent: options.frequent,
  })
  const memory = options.memory ?? MEMORY
  const translated = translateCalled(module, bodies, roots, memory, options)
  const shapes = new Map([...translated].map(([index, { shape }]) => [index, shape]))
  const { depth, stack } = checkLimits(shapes)
  checkReentrant(shapes, options.reentrant ? rootsOf(module, options.reentrant) : [])
  const frames = layoutFrames(shapes, memory)
  const placed = [...translated].map(([index, { shape, finish }]) => {
    const items = finish(frames.addresses.get(index) as number)
    return { index, shape, items }
  })
  const spec = assemble(module, placed, options)
  const report = {
    functions: placed.length,
    instructions: spec.instructions.length / 8,
    depth,
    stack,
    frames: frames.bytes,
  }
  return { spec, report }
}
