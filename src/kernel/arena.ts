/**
 * Arenas: memory that programs in the kernel and this process use at the same addresses. The range starts at a
 * multiple of 4 GiB, so that the low 32 bits of an address are an address of WebAssembly.
 */
import { MAP, PROT, type SystemCalls } from '../ffi/system-calls.ts'
import { errnoName, KernelError, NotAvailable } from './errors.ts'
import { COMMAND, MAP_FLAG, MAP_TYPE } from './kernel-names.ts'
import { BpfMap, creationAttributes } from './map.ts'
import { Mapping } from './mapping.ts'
import { objectInfo } from './object-info.ts'
import { pageSize } from './page-size.ts'
import { kernelError, systemCalls } from './system.ts'

export interface ArenaSpec {
  readonly name: string
  /** Bytes: 64 KiB to 1 GiB, whole pages. */
  readonly size: number
  /** Where the arena has to start, a multiple of 4 GiB; by default wherever there is room. */
  readonly address?: number
  /** Addresses where it shall not be, though this process doesn't use them. */
  readonly avoid?: ReadonlySet<number>
}

const SMALLEST = 64 << 10
const LARGEST = 1 << 30
const ALIGNMENT = 2 ** 32

/**
 * Addresses that nothing else is likely to use in a 47-bit address space: above V8's own choices, which have 46
 * bits, and below programs and their heaps. The same address should be free in other processes, too.
 */
const FIRST_CANDIDATE = 2 ** 46
const CANDIDATES = 5 * 1024
/** How many of them are tried before the kernel is asked for a range. */
const ATTEMPTS = 8
const RESERVATIONS = 4

/** The arenas that this process has open. */
const opened = new Set<Arena>()

export class Arena extends BpfMap {
  /** Address of the first byte, a multiple of 4 GiB. */
  readonly address: number
  readonly size: number
  /** All of it, live. Once the arena is closed these are bytes of nobody. */
  readonly buffer: ArrayBuffer
  readonly #mapping: Mapping

  constructor(system: SystemCalls, fd: number, spec: ArenaSpec, mapping: Mapping) {
    const flags = 0
    super(system, fd, spec.name, { keySize: 0, valueSize: 0, maxEntries: spec.size / pageSize(), flags })
    this.#mapping = mapping
    this.address = mapping.address
    this.size = spec.size
    this.buffer = mapping.buffer
    opened.add(this)
  }

  /** Mapping of the arena with this number of the kernel's at an address, if this process has it already. */
  static mappingOf(address: number, id: number): Mapping | undefined {
    for (const arena of opened)
      if (
        arena.address === address &&
        objectInfo(arena.system, arena.fd, 'map', arena.name).number('id') === id
      )
        return arena.#mapping.share()
    return undefined
  }

  override close(): void {
    if (!this.closed) this.#mapping.close()
    opened.delete(this)
    super.close()
  }
}

/**
 * Makes an arena; all its pages are there and are zero.
 * @throws NotPermitted, NotAvailable, KernelError
 */
export function createArena(spec: ArenaSpec, system: SystemCalls = systemCalls()): Arena {
  checkSpec(spec)
  for (const address of addresses(spec, system)) {
    const arena = createAt(spec, address, system)
    if (arena !== undefined) return arena
  }
  const hint = 'raise the limit of address space (ulimit -v), use a smaller state, or start a new process'
  const message = (reason: string) => `Cannot create arena ${spec.name}: ${reason}`
  if (spec.address === undefined)
    throw new NotAvailable(message('no aligned range of addresses is free'), hint, 'EEXIST')
  const reason = `the addresses at 0x${spec.address.toString(16)} are taken`
  throw new KernelError('KERNEL', message(reason), hint, 'EEXIST')
}

function checkSpec({ name, size, address }: ArenaSpec): void {
  const problem =
    size === ALIGNMENT
      ? 'the whole 4 GiB leave no room for an address that is out of bounds'
      : size < SMALLEST || size > LARGEST || size % pageSize() !== 0
        ? `${size} bytes are not 64 KiB to 1 GiB in whole pages`
        : address !== undefined && (address % ALIGNMENT !== 0 || address <= 0)
          ? `the address 0x${address.toString(16)} is no multiple of 4 GiB`
          : undefined
  if (problem === undefined) return
  throw new KernelError('KERNEL', `Cannot create arena ${name}: ${problem}`, 'choose 64K to 1G', 'EINVAL')
}

/** Where the arena may be, best first. */
function* addresses(spec: ArenaSpec, system: SystemCalls): Generator<number> {
  if (spec.address !== undefined) {
    yield spec.address
    return
  }
  const first = Math.floor(Math.random() * CANDIDATES)
  for (let i = 0; i < ATTEMPTS; i++) {
    const address = FIRST_CANDIDATE + ((first + i) % CANDIDATES) * ALIGNMENT
    if (!spec.avoid?.has(address) && isFree(address, spec.size, system)) yield address
  }
  for (let i = 0; i < RESERVATIONS; i++) {
    const address = findRange(spec, system)
    if (address === undefined) return
    yield address
  }
}

function isFree(address: number, size: number, system: SystemCalls): boolean {
  const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE | MAP.FIXED_NOREPLACE
  const result = system.mmap(address, size, PROT.NONE, flags, -1)
  if (result < 0) return false
  system.munmap(result, size)
  return result === address
}

/** An aligned range that was free a moment ago, wherever the kernel finds one: some have only 39 bits. */
function findRange({ size }: ArenaSpec, system: SystemCalls): number | undefined {
  const length = ALIGNMENT + size
  const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE
  const result = system.mmap(0, length, PROT.NONE, flags, -1)
  if (result < 0) return undefined
  system.munmap(result, length)
  return Math.ceil(result / ALIGNMENT) * ALIGNMENT
}

/** The arena at an address; undefined if that isn't free any more. */
function createAt(spec: ArenaSpec, address: number, system: SystemCalls): Arena | undefined {
  const creation = {
    type: MAP_TYPE.ARENA,
    keySize: 0,
    valueSize: 0,
    maxEntries: spec.size / pageSize(),
    flags: MAP_FLAG.MMAPABLE,
  }
  const attributes = creationAttributes(system, spec.name, creation, address)
  const fd = system.bpf(COMMAND.MAP_CREATE, attributes)
  if (fd < 0) {
    const feature = { name: 'maps of the type arena', since: '6.9' }
    const capabilities = ['CAP_BPF', 'CAP_PERFMON'] as const
    throw kernelError(fd, { action: `create arena ${spec.name}`, capabilities, feature })
  }
  const mapping = Mapping.attempt(system, fd, spec.size, address)
  if (typeof mapping !== 'number') return new Arena(system, fd, spec, mapping)
  system.close(fd)
  if (errnoName(mapping) === 'EEXIST') return undefined
  throw mappingError(mapping, spec.name)
}

/**
 * The memory of an arena that exists, at its address.
 * @throws NotAvailable, KernelError
 */
export function mapArenaAt(
  system: SystemCalls,
  fd: number,
  spec: ArenaSpec & { readonly address: number },
): Mapping {
  const mapping = Mapping.attempt(system, fd, spec.size, spec.address)
  if (typeof mapping === 'number') throw mappingError(mapping, spec.name)
  return mapping
}

function mappingError(result: number, name: string): KernelError {
  if (errnoName(result) === 'EEXIST') {
    const hint = 'start a new process, whose addresses will differ'
    return new KernelError('KERNEL', `Cannot map arena ${name}: its addresses are taken`, hint, 'EEXIST')
  }
  return kernelError(result, { action: `map arena ${name} into memory`, capabilities: [] })
}
