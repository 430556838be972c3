/**
 * The memory image of a fresh state: names, messages, library tables, and the library written in Lua,
 * made once for each set of libraries and copied into every state that wants it.
 */
import { COMMAND, EVENTS, G, MEMORY, STOP, TAG } from '../isa/layout.ts'
import { BUILTINS } from '../isa/library.ts'
import { MESSAGES } from '../isa/messages.ts'
import type { Enter } from './engine.ts'
import { outOfMemory, StateError } from './errors.ts'
import { StateMemory } from './memory.ts'
import { instantiate, preludeChunks } from './user-engine.ts'
import { ValueReader } from './value-reader.ts'

/** Libraries that a state can have besides the basic functions. */
export const LIBRARIES = ['coroutine', 'string', 'table', 'math', 'utf8', 'data', 'debug', 'package'] as const
/** Those of a state that sees no files, unless its maker says otherwise. */
export const WITHOUT_FILES = LIBRARIES.filter((library) => library !== 'package')
/** Modules of vm/lua that scripts get by `require`, some of them through others. */
export const MODULES: readonly string[] = ['packet', 'packet.rules']
export type Library = (typeof LIBRARIES)[number]

/** Names that `type` gives, by tag - NIL; the last is that of integers. */
const TYPE_NAMES = [
  'nil',
  'boolean',
  'boolean',
  'function',
  'function',
  'userdata',
  'nil',
  'number',
  'string',
  'string',
  'table',
  'function',
  'function',
  'thread',
  'userdata',
  'number',
]

/** Memory in which images are made. */
const WORKSHOP = 1 << 20
/** More than the library in Lua makes when it is run. */
const ROOM = 1 << 16

/** Characters of a text that is written one by one. The VM takes such strings out of the mailbox. */
const SHORT_TEXT = 24

/** Pushes values and builds tables on the state's stack. */
export class Builder {
  readonly memory: StateMemory
  readonly enter: Enter

  constructor(memory: StateMemory, enter: Enter) {
    this.memory = memory
    this.enter = enter
  }

  /** Pushes a word as it is. The stack has room for a few: the VM keeps a reserve. For more: `room`. */
  pushWord(tag: number, payload: number): void {
    const top = this.memory.word(G.TOP)
    this.memory.setWord(top, payload)
    this.memory.setWord(top + 4, tag)
    this.memory.setWord(G.TOP, top + 8)
  }

  /** Executes a command that needs memory, if need be after a collection; 0 if there is no room. */
  make(command: number, a: number, b: number): number {
    const made = this.enter(command, a, b)
    if (made) return made
    this.collect()
    return this.enter(command, a, b)
  }

  /** Collects all garbage. */
  collect(): void {
    while (this.enter(COMMAND.COLLECT, 0, 0) === 0);
  }

  /** Makes room for `n` words; false if there is none. */
  room(n: number): boolean {
    return n < 16 || this.make(COMMAND.ROOM, n, 0) !== 0
  }

  /** Pushes a string; false if there is no room. */
  pushBytes(bytes: Uint8Array): boolean {
    if (bytes.length <= MEMORY.MAILBOX_BYTES) this.memory.bytes.set(bytes, MEMORY.MAILBOX)
    const at = this.make(COMMAND.STRING, bytes.length, 0)
    if (at && bytes.length > 40) this.memory.bytes.set(bytes, at)
    return at !== 0
  }

  pushText(text: string): boolean {
    const { length } = text
    const { bytes } = this.memory
    if (length > SHORT_TEXT) return this.pushBytes(Buffer.from(text))
    // short ASCII is the usual case, and faster without a buffer
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return this.pushBytes(Buffer.from(text))
      bytes[MEMORY.MAILBOX + i] = unit
    }
    return this.make(COMMAND.STRING, length, 0) !== 0
  }

  /** Leaves `n` slots for the VM to fill. */
  skip(n: number): void {
    this.memory.setWord(G.TOP, this.memory.word(G.TOP) + 8 * n)
  }

  /** Drops the topmost `n` values. */
  pop(n: number): void {
    this.memory.setWord(G.TOP, this.memory.word(G.TOP) - 8 * n)
  }

  /** Sets field `name` of the table on top to a word. */
  setField(name: string, tag: number, payload: number): boolean {
    if (!this.pushText(name)) return false
    this.pushWord(tag, payload)
    return this.make(COMMAND.SET, 0, 0) !== 0
  }

  /** Pushes what the registry has under a number. */
  pushRegistry(key: number): void {
    this.pushWord(TAG.TABLE, this.memory.word(G.REGISTRY))
    this.pushWord(-1, key)
    this.enter(COMMAND.GET, 0, 0)
  }

  /** Pushes a table of the registry, which is made if it isn't there. @throws OutOfMemory */
  pushRegistryTable(key: number): void {
    const { memory: m } = this
    this.pushRegistry(key)
    if (m.word(m.word(G.TOP) - 4) === TAG.TABLE) return
    this.pop(1)
    this.pushWord(TAG.TABLE, m.word(G.REGISTRY))
    this.pushWord(-1, key)
    if (this.make(COMMAND.TABLE, 0, 0) === 0 || this.make(COMMAND.SET, 0, 0) === 0) throw outOfMemory()
    this.pop(1)
    this.pushRegistry(key)
  }

  /** Payload of the topmost value. */
  topObject(): number {
    return this.memory.word(this.memory.word(G.TOP) - 8)
  }

  /** A raw block with these bytes; its address. */
  raw(bytes: Uint8Array): number {
    const block = this.make(COMMAND.ALLOC, bytes.length, 0)
    if (!block) throw new StateError('BROKEN', 'Cannot make a state: no memory for its tables')
    this.memory.bytes.set(bytes, block + 8)
    return block
  }
}

function setNames(b: Builder): void {
  EVENTS.forEach((event, i) => {
    b.pushText(`__${event}`)
    b.enter(COMMAND.NAME, 0, i)
  })
  TYPE_NAMES.forEach((name, i) => {
    b.pushText(name)
    b.enter(COMMAND.NAME, 1, i)
  })
}

/** A raw block of texts by number: offsets of 16 bits each, then length-prefixed texts. */
function textBlock(b: Builder, list: readonly string[]): number {
  const texts = list.map((text) => Buffer.from(text))
  const parts: Buffer[] = []
  const offsets = Buffer.alloc(texts.length * 2)
  let at = offsets.length
  texts.forEach((text, i) => {
    offsets.writeUInt16LE(at, i * 2)
    const length = Buffer.alloc(2)
    length.writeUInt16LE(text.length)
    parts.push(length, text)
    at += 2 + text.length
  })
  return b.raw(Buffer.concat([offsets, ...parts]))
}

function setTexts(b: Builder): void {
  b.memory.setWord(G.MESSAGES, textBlock(b, Object.values(MESSAGES)))
  const names = BUILTINS.map(({ name }) => name.replace('%', ''))
  b.memory.setWord(G.NAMES, textBlock(b, names))
}

/** Library and field of a builtin's qualified name; primitives have none. */
function placeOf(name: string): { library: string; field: string } | undefined {
  if (name.startsWith('%')) return undefined
  const [library, field] = name.split('.')
  return field === undefined ? { library: '', field: name } : { library: library as string, field }
}

/** The globals: builtins, a table for every library, and _G. */
function setGlobals(b: Builder): void {
  const globals = b.memory.word(G.GLOBALS)
  b.pushWord(TAG.TABLE, globals)
  b.setField('_G', TAG.TABLE, globals)
  for (const library of ['', ...LIBRARIES]) {
    if (library) b.enter(COMMAND.TABLE, 0, 8)
    BUILTINS.forEach((builtin, i) => {
      const place = placeOf(builtin.name)
      if (place?.library === library) b.setField(place.field, TAG.BUILTIN, i)
    })
    if (!library) continue
    const table = b.topObject()
    b.pop(1)
    b.setField(library, TAG.TABLE, table)
  }
  b.pop(1)
}

/** Pushes the table package.loaded: the globals and the libraries. */
function pushLoaded(b: Builder, libraries: readonly string[]): void {
  const globals = b.memory.word(G.GLOBALS)
  b.enter(COMMAND.TABLE, 0, libraries.length + 1)
  b.setField('_G', TAG.TABLE, globals)
  for (const library of libraries) {
    b.pushText(library)
    b.pushWord(TAG.TABLE, globals)
    b.pushText(library)
    b.enter(COMMAND.GET, 0, 0)
    b.enter(COMMAND.SET, 0, 0)
  }
}

/** Names by which the library in Lua finds a primitive. */
function primitiveNames({ name, shown }: (typeof BUILTINS)[number]): string[] {
  return [name.replace('%', ''), shown]
}

/** Lets the table of strings grow as far as the primitives' names need, so that it doesn't above what goes again. */
function growStrings(b: Builder): void {
  for (const text of BUILTINS.flatMap(primitiveNames)) {
    b.pushText(text)
    b.pop(1)
  }
  b.collect()
}

/** Pushes the table that the library in Lua gets: primitives by short and by qualified name, the registry, package.loaded. */
function pushPrimitives(b: Builder, loaded: number): void {
  b.enter(COMMAND.TABLE, 0, 512)
  const seen = new Set<string>()
  BUILTINS.forEach((builtin, i) => {
    for (const name of primitiveNames(builtin)) {
      if (!seen.has(name)) b.setField(name, TAG.BUILTIN, i)
      seen.add(name)
    }
  })
  b.setField('registry', TAG.TABLE, b.memory.word(G.REGISTRY))
  b.enter(COMMAND.TABLE, 0, 256)
  BUILTINS.forEach((builtin, i) => {
    b.setField(builtin.name.replace('%', ''), 0, i)
  })
  const numbers = b.topObject()
  b.pop(1)
  b.setField('numbers', TAG.TABLE, numbers)
  b.setField('loaded', TAG.TABLE, loaded)
}

/** Loads a chunk of the library; its main function lies in the registry until it is run. */
function loadPrelude(b: Builder, name: string, chunk: Uint8Array): void {
  // at the end of the workshop's memory, so that it leaves no hole in the heap
  const at = (WORKSHOP - chunk.length) & ~7
  b.memory.bytes.set(chunk, at)
  b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
  b.pushText(name)
  if (b.enter(COMMAND.LOAD, at, 0) !== 1) throw new StateError('BROKEN', `Cannot load the library ${name}`)
  b.enter(COMMAND.SET, 0, 0)
  b.pop(1)
}

/** Replaces the registry's field `name` by its value on the stack. */
function takeFromRegistry(b: Builder, name: string): void {
  b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
  b.pushText(name)
  b.enter(COMMAND.GET, 0, 0)
  b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
  b.setField(name, TAG.NIL, 0)
  b.pop(1)
}

/** Runs a chunk of the library with the primitives, which lie in the registry meanwhile. */
function runPrelude(b: Builder, name: string): void {
  const { memory, enter } = b
  takeFromRegistry(b, name)
  b.skip(1)
  b.pushWord(TAG.TABLE, memory.word(G.REGISTRY))
  b.pushText('P')
  enter(COMMAND.GET, 0, 0)
  memory.setCount(G.CALL_FUEL, 1e6)
  memory.setWord(G.SLICE, 1e6)
  const reason = enter(COMMAND.CALL, 0, 1)
  if (reason !== STOP.DONE)
    throw new StateError(
      'BROKEN',
      `Cannot run the library ${name}: ${String(new ValueReader(memory).read(memory.bottom()))}`,
    )
  enter(COMMAND.RESET, 0, 0)
}

/**
 * The registry's field P holds the primitives while the image is made; its handler stays. What goes again
 * lies above room for all that stays, so that the image has no holes.
 */
function installPrelude(b: Builder, libraries: readonly string[]): void {
  const names = Object.keys(preludeChunks()).filter((name) => name === 'base' || libraries.includes(name))
  for (const name of names) loadPrelude(b, name, preludeChunks()[name] as Uint8Array)
  growStrings(b)
  pushLoaded(b, libraries)
  const loaded = b.topObject()
  b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
  b.setField('P', TAG.TABLE, loaded) // the registry grows here, not above the room
  const room = b.enter(COMMAND.ALLOC, ROOM, 0)
  pushPrimitives(b, loaded)
  const primitives = b.topObject()
  b.pushWord(TAG.TABLE, b.memory.word(G.REGISTRY))
  b.setField('P', TAG.TABLE, primitives)
  b.pop(4)
  b.enter(COMMAND.RELEASE, room, 0)
  b.memory.setWord(G.LIMIT, b.memory.word(G.HEAP_TOP))
  for (const name of names) runPrelude(b, name)
  b.memory.setWord(G.LIMIT, WORKSHOP)
  takeFromRegistry(b, 'P')
  b.pushText('handler')
  b.enter(COMMAND.GET, 0, 0)
  const top = b.memory.word(G.TOP) - 8
  b.memory.setWord(G.HANDLER, b.memory.word(top))
  b.memory.setWord(G.HANDLER + 4, b.memory.word(top + 4))
  b.pop(1)
}

function dropLibraries(b: Builder, libraries: readonly string[]): void {
  b.pushWord(TAG.TABLE, b.memory.word(G.GLOBALS))
  for (const library of LIBRARIES) if (!libraries.includes(library)) b.setField(library, TAG.NIL, 0)
  b.pop(1)
}

const images = new Map<string, Uint8Array>()

/** The image of a state with these libraries, up to the end of its heap. */
export function imageFor(libraries: readonly Library[], seed: number): Uint8Array {
  const key = `${seed}:${[...libraries].sort().join()}`
  const known = images.get(key)
  if (known) return known
  const { buffer, enter } = instantiate(WORKSHOP)
  const view = new StateMemory(buffer)
  enter(COMMAND.INIT, WORKSHOP, seed)
  const b = new Builder(view, enter)
  setNames(b)
  setTexts(b)
  setGlobals(b)
  installPrelude(b, libraries)
  dropLibraries(b, libraries)
  view.setWord(G.RETRY_PC, 0)
  enter(COMMAND.RESET, 0, 0)
  b.collect()
  b.collect()
  const image = view.bytes.slice(0, view.word(G.HEAP_TOP))
  new Int32Array(image.buffer)[G.PEAK >>> 2] = view.word(G.USED)
  images.set(key, image)
  return image
}
