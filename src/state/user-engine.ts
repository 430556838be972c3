/** The VM as WebAssembly in this process, and the library written in Lua; read once and shared by all states. */
import { CONTROL } from '../isa/layout.ts'
import { NotAvailable } from '../kernel/errors.ts'
import type { Look } from '../packet/packet-memory.ts'
import { builtFile } from './built-file.ts'
import type { Enter } from './engine.ts'
import { messageOf, StateError } from './errors.ts'

/** Of WebAssembly. */
const PAGE = 65536

let compiled: WebAssembly.Module | undefined
let prelude: Record<string, Uint8Array> | undefined

/** A new VM with zeroed memory of `bytes` bytes, rounded up to pages of 64 KiB. */
export function instantiate(bytes: number) {
  compiled ??= new WebAssembly.Module(builtFile('moonring.wasm'))
  const pages = Math.ceil(bytes / PAGE)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  return {
    buffer: memory.buffer as ArrayBuffer,
    enter: guarded(exports.enter as Enter),
    look: exports as unknown as Look,
    close() {},
  }
}

/**
 * What is thrown inside of the VM breaks the state: it has stopped in the middle of a change. It never traps by itself,
 * but where JavaScript has left it too little of the stack.
 */
function guarded(enter: Enter): Enter {
  let cause: unknown
  return (command, a, b) => {
    if (cause !== undefined) throw brokenBy(cause)
    try {
      return enter(command, a, b)
    } catch (error) {
      cause = error // first of all: there may be no stack left for a call
      throw brokenBy(error)
    }
  }
}

function brokenBy(cause: unknown): StateError {
  const reason = cause instanceof RangeError ? 'the stack of JavaScript was used up' : messageOf(cause)
  const message = `Cannot go on with the state: its program has stopped in the middle (${reason})`
  return new StateError('BROKEN', message, 'close it, and make another', { cause })
}

/** The same with a control block behind the limit of the state's memory. @throws NotAvailable */
export function instantiateWithControl(limit: number) {
  const control = Math.ceil(limit / PAGE) * PAGE
  try {
    return { ...instantiate(control + CONTROL.BYTES), control }
  } catch (error) {
    // as V8 words it
    if (!(error instanceof RangeError)) throw error
    throw new NotAvailable(
      'Cannot create a state: the process may not reserve the addresses that its memory needs',
      'destroy other states, or raise the limit of address space: ulimit -v unlimited',
    )
  }
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
