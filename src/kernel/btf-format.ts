/** BTF, the kernel's type format (Documentation/bpf/btf.rst): the numbers that reading and writing share. */

export const BTF_MAGIC = 0xeb9f
/** Bytes of the header: magic, version, flags, size of itself, offset and length of types and of strings. */
export const BTF_HEADER_SIZE = 24
/** Bytes of `struct btf_type`: name, info, size or type. */
export const BTF_TYPE_SIZE = 12

/** BTF_KIND_… */
export const KIND = {
  INT: 1,
  POINTER: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  FORWARD: 7,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNCTION: 12,
  PROTOTYPE: 13,
  VARIABLE: 14,
  SECTION: 15,
  FLOAT: 16,
  DECLARATION_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const

/** Bytes that follow `struct btf_type`: a fixed number, and some for each of the `vlen` members. */
const TRAILERS = new Map<number, readonly [fixed: number, each: number]>([
  [KIND.INT, [4, 0]],
  [KIND.ARRAY, [12, 0]],
  [KIND.STRUCT, [0, 12]],
  [KIND.UNION, [0, 12]],
  [KIND.ENUM, [0, 8]],
  [KIND.PROTOTYPE, [0, 8]],
  [KIND.VARIABLE, [4, 0]],
  [KIND.SECTION, [0, 12]],
  [KIND.DECLARATION_TAG, [4, 0]],
  [KIND.ENUM64, [0, 12]],
])

/** By kind, for the scan over all types. */
export const TRAILER_FIXED = Uint8Array.from({ length: 32 }, (_, kind) => TRAILERS.get(kind)?.[0] ?? 0)
export const TRAILER_EACH = Uint8Array.from({ length: 32 }, (_, kind) => TRAILERS.get(kind)?.[1] ?? 0)

/** The fields of `info`. */
export function kindOf(info: number): number {
  return (info >>> 24) & 31
}

export function vlenOf(info: number): number {
  return info & 0xffff
}

/** kind_flag: bit fields in structs, signed values in enums. */
export function flagOf(info: number): boolean {
  return info >>> 31 === 1
}
