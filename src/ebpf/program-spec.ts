/**
 * An eBPF program as plain data: what the translator makes at build time and what the loader takes. Nothing
 * in it depends on the running kernel; what does is a reference, which the loader fills in.
 */

/** A function of a program. The first one is the main program. */
export interface FunctionSpec {
  /** A C identifier of at most 63 bytes: the kernel's BTF takes no other names. */
  readonly name: string
  /** Index of its first instruction. */
  readonly start: number
  /** Arguments in r1 to r5, all of them scalars. */
  readonly parameters: number
  /** `global` functions are verified once, on their own; `static` ones at every call. */
  readonly linkage: 'global' | 'static'
}

/** An instruction that the loader or the linker completes. */
export type Reference =
  /** The first half of a 64-bit immediate load: the address of a map. */
  | { readonly kind: 'map'; readonly at: number; readonly name: string }
  /** The same: the address of the bytes at `offset` of an array map's only value. */
  | { readonly kind: 'map-value'; readonly at: number; readonly name: string; readonly offset: number }
  /** A call of a function of the kernel, found by its name in the kernel's BTF. */
  | { readonly kind: 'kfunc'; readonly at: number; readonly name: string }
  /** A call of a function of another spec, which `linkSpecs` resolves. */
  | { readonly kind: 'function'; readonly at: number; readonly name: string }

/** Where an instruction comes from. */
export interface SourcePosition {
  /** Offset in the WebAssembly module, in bytes. */
  readonly wasmOffset: number
  /** File and line of the source, where they are known. */
  readonly file?: string
  readonly line?: number
}

export interface ProgramSpec {
  /** Instructions as the kernel's `struct bpf_insn`, 8 bytes each, little-endian. */
  readonly instructions: Uint8Array
  /** In the order of their first instructions. */
  readonly functions: readonly FunctionSpec[]
  readonly references: readonly Reference[]
  /** Where the instruction at an index comes from; undefined for those that stand for nothing in the source. */
  readonly positionOf?: (instruction: number) => SourcePosition | undefined
}
