/**
 * Reads BTF, above all the kernel's own in /sys/kernel/btf/vmlinux: 5 MB with 100,000 types and more. Types are
 * found by scanning the bytes; none becomes an object before somebody asks for it.
 */
import {
  BTF_MAGIC,
  BTF_TYPE_SIZE,
  flagOf,
  KIND,
  kindOf,
  TRAILER_EACH,
  TRAILER_FIXED,
  vlenOf,
} from './btf-format.ts'

/** Where a member of a struct lies. */
export interface MemberPosition {
  /** Bits from the start of the outermost struct. */
  readonly bitOffset: number
  /** The same in bytes, without the rest. */
  readonly offset: number
  /** Bits of a bit field; 0 for other members. */
  readonly bitSize: number
  /** BTF id of its type, with typedefs and qualifiers. */
  readonly type: number
}

/** Bytes that are no BTF. */
export class BtfFormatError extends Error {
  override readonly name = 'BtfFormatError'
}

const TYPEDEFS: readonly number[] = [KIND.TYPEDEF, KIND.VOLATILE, KIND.CONST, KIND.RESTRICT, KIND.TYPE_TAG]
const decoder = new TextDecoder()

export class Btf {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #strings: number
  readonly #stringsEnd: number
  /** Offsets of types by id; id 0 is void. */
  readonly #types: Uint32Array

  /** @throws BtfFormatError */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const view = this.#view
    if (bytes.length < 24 || view.getUint16(0, true) !== BTF_MAGIC) {
      throw new BtfFormatError('these bytes are no little-endian BTF')
    }
    const header = view.getUint32(4, true)
    const start = header + view.getUint32(8, true)
    const end = start + view.getUint32(12, true)
    this.#strings = header + view.getUint32(16, true)
    this.#stringsEnd = this.#strings + view.getUint32(20, true)
    if (Math.max(end, this.#stringsEnd) > bytes.length) throw new BtfFormatError('the BTF is cut off')
    this.#types = this.#scan(start, end)
  }

  /** How many types there are, void among them: ids are smaller. */
  get count(): number {
    return this.#types.length
  }

  #scan(start: number, end: number): Uint32Array {
    const offsets = new Uint32Array(Math.floor((end - start) / BTF_TYPE_SIZE) + 1)
    let id = 1
    let at = start
    while (at + BTF_TYPE_SIZE <= end) {
      offsets[id++] = at
      const info = this.#view.getUint32(at + 4, true)
      const kind = kindOf(info)
      at += BTF_TYPE_SIZE + TRAILER_FIXED[kind]! + TRAILER_EACH[kind]! * vlenOf(info)
    }
    if (at !== end) throw new BtfFormatError('the last type is cut off')
    return offsets.subarray(0, id)
  }

  #at(id: number): number {
    const at = this.#types[id]
    if (at === undefined || id === 0) throw new BtfFormatError(`there is no type ${id}`)
    return at
  }

  #info(id: number): number {
    return id === 0 ? 0 : this.#view.getUint32(this.#at(id) + 4, true)
  }

  kind(id: number): number {
    return kindOf(this.#info(id))
  }

  /** The size in bytes, or the id of the type that this one refers to. */
  sizeOrType(id: number): number {
    return this.#view.getUint32(this.#at(id) + 8, true)
  }

  /** Members, values or parameters; for functions the linkage. */
  vlen(id: number): number {
    return vlenOf(this.#info(id))
  }

  /** A word behind `struct btf_type`. */
  trailer(id: number, word: number): number {
    return this.#view.getUint32(this.#at(id) + BTF_TYPE_SIZE + 4 * word, true)
  }

  name(id: number): string {
    return id === 0 ? 'void' : this.string(this.#view.getUint32(this.#at(id), true))
  }

  string(offset: number): string {
    const start = this.#strings + offset
    return decoder.decode(this.#bytes.subarray(start, this.#bytes.indexOf(0, start)))
  }

  /** Offset of a string in the strings. */
  #findString(text: string): number | undefined {
    const strings = Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + this.#strings,
      this.#stringsEnd - this.#strings,
    )
    const at = strings.indexOf(`\0${text}\0`)
    return at < 0 ? undefined : at + 1
  }

  /** Id of the first type with a name and one of these kinds. */
  find(name: string, ...kinds: readonly number[]): number | undefined {
    const offset = this.#findString(name)
    if (offset === undefined) return undefined
    for (let id = 1; id < this.#types.length; id++) {
      const at = this.#types[id]!
      if (this.#view.getUint32(at, true) !== offset) continue
      if (kinds.includes(kindOf(this.#view.getUint32(at + 4, true)))) return id
    }
    return undefined
  }

  /** Id of a function, which a call of a kfunc names. */
  findFunction(name: string): number | undefined {
    return this.find(name, KIND.FUNCTION)
  }

  /** The type behind typedefs and qualifiers. */
  resolve(id: number): number {
    let type = id
    while (TYPEDEFS.includes(this.kind(type))) type = this.sizeOrType(type)
    return type
  }

  /**
   * Where a member lies, `name` or `outer.inner`, in a struct or union of this name. Members of anonymous
   * structs and unions are found as in C.
   */
  findMember(struct: string, path: string): MemberPosition | undefined {
    const id = this.find(struct, KIND.STRUCT, KIND.UNION)
    return id === undefined ? undefined : this.memberOf(id, path)
  }

  /** The same in a struct by its id. */
  memberOf(struct: number, path: string): MemberPosition | undefined {
    let type = struct
    let bitOffset = 0
    let found: MemberPosition | undefined
    for (const name of path.split('.')) {
      found = this.#member(this.resolve(type), name)
      if (found === undefined) return undefined
      bitOffset += found.bitOffset
      type = found.type
    }
    return found === undefined ? undefined : { ...found, bitOffset, offset: bitOffset >> 3 }
  }

  #member(struct: number, name: string): MemberPosition | undefined {
    const kind = this.kind(struct)
    if (kind !== KIND.STRUCT && kind !== KIND.UNION) return undefined
    const hasBitFields = flagOf(this.#info(struct))
    for (let i = 0; i < this.vlen(struct); i++) {
      const memberName = this.string(this.trailer(struct, 3 * i))
      const type = this.trailer(struct, 3 * i + 1)
      const word = this.trailer(struct, 3 * i + 2)
      const bitOffset = hasBitFields ? word & 0xffffff : word
      const bitSize = hasBitFields ? word >>> 24 : 0
      if (memberName === name) return { bitOffset, offset: bitOffset >> 3, bitSize, type }
      if (memberName !== '') continue
      const inner = this.#member(this.resolve(type), name)
      if (inner !== undefined) {
        const whole = bitOffset + inner.bitOffset
        return { ...inner, bitOffset: whole, offset: whole >> 3 }
      }
    }
    return undefined
  }

  /** The index of a member of a struct, which programs of the type STRUCT_OPS are loaded for. */
  memberIndex(struct: number, name: string): number | undefined {
    for (let i = 0; i < this.vlen(struct); i++) {
      if (this.string(this.trailer(struct, 3 * i)) === name) return i
    }
    return undefined
  }

  /** A value of an enum, wherever it is declared: enumerators share one name space in C. */
  findEnumValue(name: string): bigint | undefined {
    const offset = this.#findString(name)
    if (offset === undefined) return undefined
    for (let id = 1; id < this.#types.length; id++) {
      const kind = this.kind(id)
      if (kind !== KIND.ENUM && kind !== KIND.ENUM64) continue
      const words = kind === KIND.ENUM ? 2 : 3
      for (let i = 0; i < this.vlen(id); i++) {
        if (this.trailer(id, words * i) === offset) return this.#enumValue(id, words * i + 1, words === 3)
      }
    }
    return undefined
  }

  #enumValue(id: number, word: number, wide: boolean): bigint {
    const low = BigInt(this.trailer(id, word))
    const bits = wide ? (BigInt(this.trailer(id, word + 1)) << 32n) | low : low
    return flagOf(this.#info(id)) ? BigInt.asIntN(wide ? 64 : 32, bits) : bits
  }
}
