/** The VM's WebAssembly module and the library written in Lua, read once and shared by all states. */
import { readFileSync } from 'node:fs'

/** The VM's only export: executes a command of src/isa/layout.ts. */
export type Enter = (command: number, a: number, b: number) => number

export interface Instance {
  readonly memory: WebAssembly.Memory
  readonly enter: Enter
}

/** Built files are in dist/vm, whether this file runs from src (tests) or from dist/src. */
function built(name: string): Buffer {
  const here = import.meta.url
  const relative = here.includes('/dist/src/') ? '../../vm/' : '../../dist/vm/'
  return readFileSync(new URL(relative + name, here))
}

let compiled: WebAssembly.Module | undefined
let prelude: Record<string, Uint8Array> | undefined

/** A new VM with zeroed memory of `bytes` bytes, rounded up to pages of 64 KiB. */
export function instantiate(bytes: number): Instance {
  compiled ??= new WebAssembly.Module(built('moonring.wasm'))
  const pages = Math.ceil(bytes / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  return { memory, enter: instance.exports.enter as Enter }
}

/** Chunks of vm/lua by library name. */
export function preludeChunks(): Record<string, Uint8Array> {
  if (!prelude) {
    const encoded = JSON.parse(built('prelude.json').toString()) as Record<string, string>
    prelude = Object.fromEntries(
      Object.entries(encoded).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
    )
  }
  return prelude
}
