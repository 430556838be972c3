/**
 * Maps: arrays, hash tables and ring buffers that programs share with this process. Their specs are plain data;
 * a `BpfMap` owns the map of a spec. Arenas are in `arena.ts`.
 */
import type { Memory, SystemCalls } from '../ffi/system-calls.ts'
import { type Attributes, bpf, makeAttributes, memoryOf } from './attributes.ts'
import { Descriptor } from './descriptor.ts'
import { errnoName, KernelError } from './errors.ts'
import { COMMAND, LONGEST_NAME, MAP_FLAG, MAP_TYPE } from './kernel-names.ts'
import { Mapping } from './mapping.ts'
import { pageSize } from './page-size.ts'
import { kernelError, systemCalls } from './system.ts'

export type MapSpec = ArraySpec | HashSpec | RingBufferSpec | ProgramArraySpec

/** Values at 0 to maxEntries - 1, all zero at first. Its keys are 4 bytes, little-endian. */
export interface ArraySpec {
  readonly kind: 'array'
  readonly name: string
  /** Bytes. */
  readonly valueSize: number
  readonly maxEntries: number
  /** Whether `BpfMap.memory` gives its values; they then start at multiples of 8 bytes. */
  readonly mappable?: boolean
}

export interface HashSpec {
  readonly kind: 'hash'
  readonly name: string
  /** Bytes. */
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
}

export interface RingBufferSpec {
  readonly kind: 'ringbuf'
  readonly name: string
  /** Bytes, a power of 2 and at least a page. */
  readonly size: number
}

/** Programs, by their descriptors, which `bpf_tail_call` goes on with. They stay for as long as the map is held. */
export interface ProgramArraySpec {
  readonly kind: 'program-array'
  readonly name: string
  readonly maxEntries: number
}

/** What BPF_MAP_CREATE needs of a spec. */
interface Creation {
  readonly type: number
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
}

function creationOf(spec: MapSpec): Creation {
  switch (spec.kind) {
    case 'array': {
      const flags = spec.mappable === true ? MAP_FLAG.MMAPABLE : 0
      return { type: MAP_TYPE.ARRAY, keySize: 4, flags, ...spec }
    }
    case 'hash':
      return { type: MAP_TYPE.HASH, flags: 0, ...spec }
    case 'program-array':
      return { type: MAP_TYPE.PROG_ARRAY, keySize: 4, valueSize: 4, flags: 0, ...spec }
    case 'ringbuf':
      return { type: MAP_TYPE.RINGBUF, keySize: 0, valueSize: 0, maxEntries: spec.size, flags: 0 }
  }
}

/** The part of a name that the kernel shows: its own rules allow few characters and 15 bytes. */
export function objectName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.]/g, '_').slice(0, LONGEST_NAME)
}

/** How an update treats a key: set it in any case, only if it is new, only if it is there. */
const UPDATE = { any: 0, create: 1, replace: 2 } as const

export class BpfMap extends Descriptor {
  readonly name: string
  /** Bytes. */
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly #mappable: boolean
  #mapping: Mapping | undefined

  constructor(system: SystemCalls, fd: number, name: string, creation: Omit<Creation, 'type'>) {
    super(system, fd, `map ${name}`)
    this.name = name
    this.keySize = creation.keySize
    this.valueSize = creation.valueSize
    this.maxEntries = creation.maxEntries
    this.#mappable = (creation.flags & MAP_FLAG.MMAPABLE) !== 0
  }

  /** The value of a key; undefined if there is none. */
  lookup(key: Uint8Array): Uint8Array | undefined {
    const value = this.system.allocate(this.valueSize)
    const result = bpf(this.system, 'MAP_LOOKUP_ELEM', { map_fd: this.fd, key: this.#key(key), value })
    return this.#isThere(result, 'read') ? value.bytes : undefined
  }

  /**
   * Sets the value of a key. `create` wants a new key, `replace` a known one; false if that isn't so.
   * @throws KernelError if a hash is full.
   */
  update(key: Uint8Array, value: Uint8Array, how: keyof typeof UPDATE = 'any'): boolean {
    this.#checkSize('value', value, this.valueSize)
    const result = bpf(this.system, 'MAP_UPDATE_ELEM', {
      map_fd: this.fd,
      key: this.#key(key),
      value: memoryOf(this.system, value),
      flags: UPDATE[how],
    })
    if (how === 'create' && errnoName(result) === 'EEXIST') return false
    return this.#isThere(result, 'write')
  }

  /** Removes a key of a hash; false if there is none. */
  delete(key: Uint8Array): boolean {
    const result = bpf(this.system, 'MAP_DELETE_ELEM', { map_fd: this.fd, key: this.#key(key) })
    return this.#isThere(result, 'delete from')
  }

  /** All keys. Those that come or go meanwhile may be missing, or be there twice. */
  *keys(): Generator<Uint8Array> {
    let last: Memory | undefined
    while (true) {
      const next = this.system.allocate(this.keySize)
      const result = bpf(this.system, 'MAP_GET_NEXT_KEY', { map_fd: this.fd, key: last, next_key: next })
      if (!this.#isThere(result, 'list the keys of')) return
      yield next.bytes.slice()
      last = next
    }
  }

  /** The values of a mappable array, live. Once the map is closed they are bytes of nobody. */
  memory(): ArrayBuffer {
    const stride = Math.ceil(this.valueSize / 8) * 8
    const length = Math.ceil((stride * this.maxEntries) / pageSize()) * pageSize()
    if (!this.#mappable) {
      const reason = 'its spec is not mappable'
      throw new KernelError('KERNEL', `Cannot map ${this.name} into memory: ${reason}`, 'set mappable: true')
    }
    this.#mapping ??= Mapping.of(this.system, this.fd, length, `map ${this.name} into memory`)
    return this.#mapping.buffer
  }

  override close(): void {
    this.#mapping?.close()
    this.#mapping = undefined
    super.close()
  }

  #key(key: Uint8Array): Memory {
    this.#checkSize('key', key, this.keySize)
    return memoryOf(this.system, key)
  }

  #checkSize(what: string, bytes: Uint8Array, size: number): void {
    if (bytes.length === size) return
    const reason = `a ${what} has ${size} bytes, not ${bytes.length}`
    throw new KernelError('KERNEL', `Cannot use map ${this.name}: ${reason}`, `give ${size} bytes`)
  }

  #isThere(result: number, action: string): boolean {
    if (result >= 0) return true
    if (errnoName(result) === 'ENOENT') return false
    throw kernelError(result, { action: `${action} map ${this.name}`, capabilities: ['CAP_BPF'] })
  }
}

/** The key of an array's value. */
export function arrayKey(index: number): Uint8Array {
  const key = new Uint8Array(4)
  new DataView(key.buffer).setUint32(0, index, true)
  return key
}

/**
 * Makes the map of a spec.
 * @throws NotPermitted, NotAvailable, KernelError
 */
export function createMap(spec: MapSpec, system: SystemCalls = systemCalls()): BpfMap {
  const creation = creationOf(spec)
  const attributes = creationAttributes(system, spec.name, creation)
  const fd = system.bpf(COMMAND.MAP_CREATE, attributes)
  if (fd < 0) {
    const feature = { name: `maps of the kind ${spec.kind} with these sizes`, since: '5.8' }
    throw kernelError(fd, { action: `create map ${spec.name}`, capabilities: ['CAP_BPF'], feature })
  }
  return new BpfMap(system, fd, spec.name, creation)
}

/** The attributes of BPF_MAP_CREATE. `extra` is the address of an arena. */
export function creationAttributes(
  system: SystemCalls,
  name: string,
  creation: Creation,
  extra?: number,
): Attributes {
  return makeAttributes(system, 'MAP_CREATE', {
    map_type: creation.type,
    key_size: creation.keySize,
    value_size: creation.valueSize,
    max_entries: creation.maxEntries,
    map_flags: creation.flags,
    map_name: objectName(name),
    map_extra: extra,
  })
}
