/**
 * Functions of a state that JavaScript holds. The state's registry keeps them alive until they are released, or nobody
 * in JavaScript refers to them any more.
 */
import { randomInt } from 'node:crypto'
import { COMMAND, REGISTRY, TAG } from '../isa/layout.ts'
import type { Argument } from './argument.ts'
import { outOfMemory, StateError } from './errors.ts'
import type { Builder } from './image.ts'
import { LuaReference, type LuaValue } from './memory.ts'

/** A word of the state's memory that stands for a function. */
export interface FunctionWord {
  readonly tag: number
  readonly payload: number
}

/** What functions are called through. */
export interface FunctionCalls {
  callFunction(word: FunctionWord, args: readonly Argument[]): Promise<LuaValue[]>
  callFunctionSync(word: FunctionWord, args: readonly Argument[]): LuaValue[]
}

/** One function that JavaScript holds. */
interface Handle {
  readonly owner: LuaFunctions
  readonly word: FunctionWord
  /** Its key in the registry's table; 0: it isn't there. */
  id: number
  isReleased: boolean
}

let handleOf: (value: object) => Handle | undefined

/** A function of a script. It can be called, and passed back to the state that it comes from. */
export class LuaFunction extends LuaReference {
  readonly #handle: Handle

  static {
    // asks a proxy nothing
    handleOf = (value) => (#handle in value ? value.#handle : undefined)
  }

  constructor(handle: Handle) {
    super('function')
    this.#handle = handle
  }

  /** Calls it. Returns its results. @throws as `State.call`; StateError `RELEASED` */
  async call(...args: Argument[]): Promise<LuaValue[]> {
    return this.#handle.owner.calls.callFunction(wordOf(this.#handle), args)
  }

  /** The same, blocking until it has ended; bindings must answer synchronously. */
  callSync(...args: Argument[]): LuaValue[] {
    return this.#handle.owner.calls.callFunctionSync(wordOf(this.#handle), args)
  }

  /** Lets the state forget it, if its scripts do. Afterwards it can't be called; a second time nothing happens. */
  release(): void {
    this.#handle.owner.release(this.#handle)
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

function wordOf({ isReleased, word }: Handle): FunctionWord {
  if (!isReleased) return word
  throw new StateError('RELEASED', 'Cannot call the function: it has been released')
}

/** The functions of one state that JavaScript holds. */
export class LuaFunctions {
  readonly #builder: Builder
  /** By tag and payload. */
  readonly #known = new Map<number, WeakRef<LuaFunction>>()
  /** Those that have just been read and aren't in the registry yet. */
  #fresh: Handle[] = []
  /** Keys in the registry's table that are to be removed. */
  #dropped: number[] = []
  #nextId: number
  readonly #collected: FinalizationRegistry<Handle>
  /** Set once calls can be made. */
  calls!: FunctionCalls
  /** Whether the memory may be used now. */
  readonly #useNow: (step: () => void) => boolean

  /** `isShared`: other processes keep functions in the same memory, under other keys. */
  constructor(builder: Builder, isShared: boolean, useNow: (step: () => void) => boolean) {
    this.#builder = builder
    this.#useNow = useNow
    this.#nextId = isShared ? randomInt(2 ** 47) * 4 + 1 : 1
    this.#collected = new FinalizationRegistry((handle) => this.#drop(handle))
  }

  /** The function that a word stands for: the same object as long as somebody has it. To be followed by `keep`. */
  of(word: FunctionWord): LuaFunction {
    const key = keyOf(word)
    const known = this.#known.get(key)?.deref()
    if (known !== undefined && !handleOf(known)?.isReleased) return known
    const handle: Handle = { owner: this, word, id: 0, isReleased: false }
    const made = new LuaFunction(handle)
    this.#known.set(key, new WeakRef(made))
    this.#collected.register(made, handle, handle)
    this.#fresh.push(handle)
    return made
  }

  /** What a function is in this state; undefined if the value is none. @returns why it can't be passed, in words */
  wordOf(value: object): FunctionWord | string | undefined {
    const handle = handleOf(value)
    if (handle === undefined) return undefined
    if (handle.owner !== this) return 'is a function of another state'
    return handle.isReleased ? 'is a function that has been released' : handle.word
  }

  /** Puts into the registry what has just been read, while it lies on the stack. @throws OutOfMemory */
  keep(): void {
    if (this.#fresh.length === 0) return
    const fresh = this.#fresh
    this.#fresh = []
    try {
      this.#removeDropped()
      for (const handle of fresh) {
        if (handle.word.tag === TAG.BUILTIN || handle.word.tag === TAG.HOST) continue // no objects
        this.#set(this.#nextId, handle.word.tag, handle.word.payload)
        handle.id = this.#nextId++
      }
    } catch (error) {
      for (const handle of fresh) if (handle.id === 0) handle.isReleased = true
      throw error
    }
  }

  release(handle: Handle): void {
    if (handle.isReleased) return
    handle.isReleased = true
    this.#collected.unregister(handle)
    this.#drop(handle)
    if (this.#dropped.length > 0) this.#useNow(() => this.#removeDropped())
  }

  /** Forgets all of them, at the end of the use of a state that lives on. */
  releaseAll(): void {
    for (const reference of this.#known.values()) {
      const handle = handleOf(reference.deref() ?? this)
      if (handle !== undefined && !handle.isReleased) {
        handle.isReleased = true
        this.#drop(handle)
      }
    }
    if (this.#dropped.length > 0) this.#useNow(() => this.#removeDropped())
  }

  #drop(handle: Handle): void {
    const key = keyOf(handle.word)
    const known = this.#known.get(key)?.deref()
    if (known === undefined || handleOf(known) === handle) this.#known.delete(key)
    if (handle.id !== 0) this.#dropped.push(handle.id)
    handle.id = 0
  }

  #removeDropped(): void {
    for (let id = this.#dropped.pop(); id !== undefined; id = this.#dropped.pop()) this.#set(id, TAG.NIL, 0)
  }

  /** Sets a field of the registry's table. */
  #set(id: number, tag: number, payload: number): void {
    const b = this.#builder
    b.pushRegistryTable(REGISTRY.FUNCTIONS)
    b.pushWord(Math.floor(id / 2 ** 32), id | 0)
    b.pushWord(tag, payload)
    if (b.make(COMMAND.SET, 0, 0) === 0) throw outOfMemory()
    b.pop(1)
  }
}

const keyOf = ({ tag, payload }: FunctionWord): number => (tag - TAG.NIL) * 2 ** 32 + (payload >>> 0)
