/** The VM as WebAssembly in this process, and the library written in Lua; read once and shared by all states. */
import { builtFile } from './built-file.ts'
import type { Enter, Instance } from './engine.ts'

let compiled: WebAssembly.Module | undefined
let prelude: Record<string, Uint8Array> | undefined

/** A new VM with zeroed memory of `bytes` bytes, rounded up to pages of 64 KiB. */
export function instantiate(bytes: number): Instance {
  compiled ??= new WebAssembly.Module(builtFile('moonring.wasm'))
  const pages = Math.ceil(bytes / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const instance = new WebAssembly.Instance(compiled, { env: { memory } })
  return { buffer: memory.buffer as ArrayBuffer, enter: instance.exports.enter as Enter, close() {} }
}

/** Chunks of vm/lua by library name. */
export function preludeChunks(): Record<string, Uint8Array> {
  if (!prelude) {
    const encoded = JSON.parse(builtFile('prelude.json').toString()) as Record<string, string>
    prelude = Object.fromEntries(
      Object.entries(encoded).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
    )
  }
  return prelude
}
