/**
 * WebAssembly run three ways: by Node, and translated by the reference interpreter and by the kernel. Results and
 * memory must be the same. Modules export their memory as `memory`.
 */
import binaryen from 'binaryen'
import { expect, test } from 'vitest'
import { assemble } from '../ebpf/assemble.ts'
import { Interpreter } from '../ebpf/interpreter.ts'
import { linkSpecs } from '../ebpf/link-specs.ts'
import type { ProgramSpec } from '../ebpf/program-spec.ts'
import { createArena } from '../kernel/arena.ts'
import { describeInKernel } from '../kernel/kernel.fixture.ts'
import { loadProgram } from '../kernel/load-program.ts'
import type { ProgramStatistics } from '../kernel/program.ts'
import { encodeModule, type TestModule } from './encode-module.fixture.ts'
import type { Memory } from './prepare.ts'
import { type FunctionType, readModule } from './read-module.ts'
import { type TranslateOptions, translate } from './translate.ts'

/** What translated code has for itself in these tests; modules leave it alone. */
export const OWN: Memory = { zero: 0x5000, trap: 0x5008, frames: { address: 0x5010, bytes: 0xff0 } }
const OWN_END = OWN.frames.address + OWN.frames.bytes
const PAGE = 65536
/** Far more than any test executes in one call. */
const MOST_INSTRUCTIONS = 5_000_000

/** Node's WebAssembly, as far as it is needed here. */
interface NodeWebAssembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly RuntimeError: new () => Error
}
const NODE = (globalThis as unknown as { WebAssembly: NodeWebAssembly }).WebAssembly

export type EngineName = 'interpreter' | 'kernel'

/** A way to run a module's functions: arguments and results are unsigned. */
export interface Engine {
  readonly memory: Uint8Array
  /** The result, 0 if there is none; undefined after a trap. */
  readonly call: (name: string, args: readonly bigint[]) => bigint | undefined
  /** What the kernel's verifier made of the program. */
  readonly statistics?: ProgramStatistics
  readonly close: () => void
}

export type Call = readonly [name: string, ...args: bigint[]]

/** A module and what is to be called, in this order. */
export interface Case {
  /** As text, or as the bytes of `encodeModule`. */
  readonly module: string | TestModule
  readonly calls: Iterable<Call>
  readonly options?: TranslateOptions
  /** Bytes of memory at the start; default: all of it different. */
  readonly fill?: (memory: Uint8Array) => void
}

/** The bytes of a module in WebAssembly's text format, nothing optimised. */
export function parseText(source: string): Uint8Array {
  try {
    const module = binaryen.parseText(source)
    module.setFeatures(binaryen.Features.All)
    binaryen.setDebugInfo(true) // names of functions
    const bytes = module.emitBinary()
    module.dispose()
    return bytes
  } catch (error) {
    throw new Error(`${(error as { message?: string }).message ?? error} in:\n${source}`)
  }
}

/** A module's bytes as text, to be read by people. */
export function textOf(bytes: Uint8Array): string {
  const module = binaryen.readBinary(bytes)
  const source = module.emitText()
  module.dispose()
  return source
}

export const bytesOf = (module: Case['module']): Uint8Array =>
  typeof module === 'string' ? parseText(module) : encodeModule(module)

const unsigned = (type: string, value: bigint): bigint => BigInt.asUintN(type === 'i32' ? 32 : 64, value)

function functionTypes(bytes: Uint8Array): Map<string, FunctionType> {
  const { exports, functions } = readModule(bytes)
  return new Map(
    [...exports].map(([name, index]) => [name, (functions[index] as { type: FunctionType }).type]),
  )
}

/** The reference: Node's WebAssembly. */
export function nodeEngine(bytes: Uint8Array): Engine {
  const types = functionTypes(bytes)
  const { exports } = new NODE.Instance(new NODE.Module(bytes))
  const memory = new Uint8Array((exports.memory as { buffer: ArrayBuffer }).buffer)
  const call = (name: string, args: readonly bigint[]): bigint | undefined => {
    const { parameters, results } = types.get(name) as FunctionType
    const given = args.map((arg, i) =>
      parameters[i] === 'i32' ? Number(BigInt.asIntN(32, arg)) : BigInt.asIntN(64, arg),
    )
    try {
      const value = (exports[name] as (...all: (number | bigint)[]) => number | bigint | undefined)(...given)
      return unsigned(results[0] ?? 'i64', BigInt(value ?? 0))
    } catch (error) {
      if (error instanceof NODE.RuntimeError) return undefined
      throw error
    }
  }
  return { memory, call, close: () => {} }
}

/** Looks at the trap word after each call, and puts it back. */
function trapping(
  memory: Uint8Array,
  types: ReadonlyMap<string, FunctionType>,
  call: (name: string, args: bigint[]) => bigint,
): Engine['call'] {
  const words = new Int32Array(memory.buffer, 0, memory.length >>> 2)
  return (name, args) => {
    const { parameters, results } = types.get(name) as FunctionType
    const value = call(
      name,
      args.map((arg, i) => unsigned(parameters[i] as string, arg)),
    )
    const hasTrapped = words[OWN.trap >>> 2] !== 0
    words[OWN.trap >>> 2] = 0
    return hasTrapped ? undefined : results.length > 0 ? value : 0n
  }
}

export function interpreterEngine(bytes: Uint8Array, spec: ProgramSpec, size: number): Engine {
  const memory = new Uint8Array(size)
  const machine = new Interpreter(spec, { arena: memory, maxInstructions: MOST_INSTRUCTIONS })
  const call = trapping(memory, functionTypes(bytes), (name, args) => machine.call(name, ...args))
  return { memory, call, close: () => {} }
}

/** The context: number of the function, its result, five arguments; 64 bits each. */
const CONTEXT_SIZE = 56

/** A main program that calls a function by its number. */
export function mainProgram(names: readonly string[]): ProgramSpec {
  const lines = names.flatMap((name, i) => [`f${i}:`, `call function ${name}`, 'goto done'])
  return assemble(`static func main(ctx)
    r0 = map memory ll
    r6 = r1
    r7 = *(u64 *)(r6 +0)
    ${[1, 2, 3, 4, 5].map((r) => `r${r} = *(u64 *)(r6 +${8 + 8 * r})`).join('\n')}
    ${names.map((_, i) => `if r7 == ${i} goto f${i}`).join('\n')}
    r0 = 0
    goto done
    ${lines.join('\n')}
    done:
    *(u64 *)(r6 +8) = r0
    r0 = 0
    exit`)
}

export function kernelEngine(bytes: Uint8Array, spec: ProgramSpec, size: number): Engine {
  const types = functionTypes(bytes)
  const names = [...types.keys()]
  const arena = createArena({ name: 'memory', size })
  try {
    const linked = linkSpecs(mainProgram(names), spec)
    const program = loadProgram(linked, { type: 'SYSCALL', maps: { memory: arena } })
    const runner = program.runner(CONTEXT_SIZE)
    const context = new BigUint64Array(runner.context.buffer, runner.context.byteOffset, CONTEXT_SIZE / 8)
    const memory = new Uint8Array(arena.buffer)
    const call = trapping(memory, types, (name, args) => {
      context.fill(0n)
      context[0] = BigInt(names.indexOf(name))
      context.set(args, 2)
      runner.run()
      return context[1] as bigint
    })
    const close = (): void => {
      program.close()
      arena.close()
    }
    return { memory, call, statistics: program.statistics(), close }
  } catch (error) {
    arena.close()
    throw error
  }
}

/** Makes an engine for a module. */
export function makeEngine(
  engine: EngineName,
  bytes: Uint8Array,
  size: number,
  options: TranslateOptions = {},
): Engine {
  const { spec } = translate(bytes, { check: true, memory: OWN, ...options })
  return (engine === 'kernel' ? kernelEngine : interpreterEngine)(bytes, spec, size)
}

/** Every byte differs from its neighbours, and bytes of all values occur. */
export function fillMemory(memory: Uint8Array): void {
  for (let i = 0; i < memory.length; i++) memory[i] = (i * 167 + (i >>> 8) * 13 + 129) & 255
}

/** The first address at which memories differ outside of what translated code has for itself. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const differs = (from: number, to: number): boolean =>
    Buffer.compare(a.subarray(from, to), b.subarray(from, to)) !== 0
  for (let at = 0; at < a.length; at += PAGE >>> 4) {
    const to = at + (PAGE >>> 4)
    if (to > OWN.zero && at < OWN_END) continue // whole, as it is made
    if (differs(at, to)) return a.findIndex((byte, i) => i >= at && byte !== b[i])
  }
  return undefined
}

const show = (value: bigint | undefined): string =>
  value === undefined ? 'a trap' : `0x${value.toString(16)}`

/** What calls came to that agreed. */
export interface Agreement {
  readonly calls: number
  readonly traps: number
  readonly statistics?: ProgramStatistics | undefined
}

/** Runs a case in Node and in another engine. Throws where they differ. */
export function compare({ module, calls, options, fill = fillMemory }: Case, engine: EngineName): Agreement {
  const bytes = bytesOf(module)
  const reference = nodeEngine(bytes)
  const translated = makeEngine(engine, bytes, reference.memory.length, options)
  const problem = (name: string, args: readonly bigint[], text: string): Error =>
    new Error(`${engine}: ${name}(${args.map((arg) => `0x${arg.toString(16)}`).join(', ')}): ${text}`)
  try {
    for (const { memory } of [reference, translated]) {
      fill(memory)
      memory.fill(0, OWN.zero, OWN_END)
    }
    let count = 0
    let traps = 0
    const all = [...calls]
    // where calls are many, they are small, and looking at all memory is what takes time
    const every = all.length > 1000 ? 50 : 1
    for (const [name, ...args] of all) {
      count++
      const expected = reference.call(name, args)
      const actual = translated.call(name, args)
      if (actual !== expected)
        throw problem(name, args, `${show(actual)}, WebAssembly says ${show(expected)}`)
      // callers go on for a while after a trap, so that memory means nothing then
      if (expected === undefined) {
        traps++
        restore(translated.memory, reference.memory)
        continue
      }
      const at = count % every === 0 && firstDifference(translated.memory, reference.memory)
      if (at === undefined || at === false) continue
      const values = `${translated.memory[at]}, WebAssembly says ${reference.memory[at]}`
      throw problem(name, args, `memory at 0x${at.toString(16)} is ${values}`)
    }
    if (firstDifference(translated.memory, reference.memory) !== undefined)
      throw new Error(`${engine}: memory differs from WebAssembly's at the end`)
    return { calls: count, traps, statistics: translated.statistics }
  } finally {
    translated.close()
  }
}

function restore(memory: Uint8Array, from: Uint8Array): void {
  memory.set(from)
  memory.fill(0, OWN.zero, OWN_END)
}

/** Tests that cases agree in all engines. */
export function testThreeWays(cases: Readonly<Record<string, () => Case>>): void {
  for (const [name, make] of Object.entries(cases))
    test(`${name}: Node and the interpreter agree`, () => {
      expect(compare(make(), 'interpreter').calls).toBeGreaterThan(0)
    })
  describeInKernel('in the kernel', () => {
    for (const [name, make] of Object.entries(cases))
      test(`${name}: Node and the kernel agree`, () => {
        expect(compare(make(), 'kernel').calls).toBeGreaterThan(0)
      })
  })
}
