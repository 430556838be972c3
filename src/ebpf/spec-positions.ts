/**
 * The table of source positions in a spec file (`spec-file.ts`): names of files, then an entry for each slot
 * whose position differs from that of the slot before it.
 *
 *     unsigned   files, then a text each
 *     entries    unsigned   (slots since the last entry) * 4 + kind
 *                kind 0     no position from here on
 *                kind 1     signed: offset in the module less the last one; signed: line less the last one
 *                kind 2     the same, then unsigned: number of the file, from 1; 0 for none
 *
 * A line of 0 stands for none.
 */
import { ByteReader, ByteWriter } from './byte-stream.ts'
import type { SourcePosition } from './program-spec.ts'

type PositionOf = (instruction: number) => SourcePosition | undefined

const KIND = { NONE: 0, SAME_FILE: 1, OTHER_FILE: 2 } as const

interface Position {
  readonly wasmOffset: number
  readonly line: number
  readonly file: number
}

const START: Position = { wasmOffset: 0, line: 0, file: 0 }

function filesOf(count: number, positionOf: PositionOf): string[] {
  const files = new Set<string>()
  for (let i = 0; i < count; i++) {
    const file = positionOf(i)?.file
    if (file !== undefined) files.add(file)
  }
  return [...files]
}

export function writePositions(count: number, positionOf: PositionOf): Uint8Array {
  const writer = new ByteWriter()
  const files = filesOf(count, positionOf)
  const numbers = new Map(files.map((file, i) => [file, i + 1]))
  writer.unsigned(files.length)
  for (const file of files) writer.text(file)
  let entry = 0
  let before: Position | undefined
  let last = START
  for (let i = 0; i < count; i++) {
    const found = positionOf(i)
    const { wasmOffset = 0, line = 0, file } = found ?? {}
    const now = found && { wasmOffset, line, file: file === undefined ? 0 : numbers.get(file)! }
    if (samePosition(before, now)) continue
    const kind = now === undefined ? KIND.NONE : now.file === last.file ? KIND.SAME_FILE : KIND.OTHER_FILE
    writer.unsigned((i - entry) * 4 + kind)
    if (now !== undefined) {
      writer.signed(now.wasmOffset - last.wasmOffset)
      writer.signed(now.line - last.line)
      if (kind === KIND.OTHER_FILE) writer.unsigned(now.file)
      last = now
    }
    before = now
    entry = i
  }
  return writer.finish()
}

function samePosition(a: Position | undefined, b: Position | undefined): boolean {
  return a?.wasmOffset === b?.wasmOffset && a?.line === b?.line && a?.file === b?.file
}

/** Each entry's first slot and position. */
function readEntries(reader: ByteReader): [number[], (Position | undefined)[]] {
  const starts: number[] = []
  const positions: (Position | undefined)[] = []
  let slot = 0
  let last = START
  while (!reader.atEnd) {
    const head = reader.unsigned()
    slot += Math.floor(head / 4)
    const kind = head % 4
    if (kind > KIND.OTHER_FILE) throw new RangeError('an entry has an unknown kind')
    starts.push(slot)
    if (kind === KIND.NONE) {
      positions.push(undefined)
      continue
    }
    const wasmOffset = last.wasmOffset + reader.signed()
    const line = last.line + reader.signed()
    last = { wasmOffset, line, file: kind === KIND.OTHER_FILE ? reader.unsigned() : last.file }
    positions.push(last)
  }
  return [starts, positions]
}

/** The number of the last entry at or before a slot, or -1. */
function findEntry(starts: readonly number[], slot: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= slot) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** @throws RangeError on bytes that are no table. */
export function readPositions(bytes: Uint8Array): PositionOf {
  const reader = new ByteReader(bytes)
  const files = Array.from({ length: reader.unsigned() }, () => reader.text())
  const [starts, positions] = readEntries(reader)
  return (instruction) => {
    const position = positions[findEntry(starts, instruction)]
    if (position === undefined) return undefined
    const { wasmOffset, line, file } = position
    return {
      wasmOffset,
      ...(file > 0 ? { file: files[file - 1]! } : {}),
      ...(line > 0 ? { line } : {}),
    }
  }
}
