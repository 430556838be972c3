/** The chunk writer, last stage of the compiler: protos as bytes, in the format of docs/design/vm.md. */

import { CHUNK_FORMAT } from '../isa/layout.ts'
import { ByteWriter } from './byte-writer.ts'
import { toByteString } from './chunk-name.ts'
import type { Generated } from './generate.ts'
import type { Proto } from './proto.ts'

/** Bytes of a chunk name that is the source itself which are kept: more than messages show. */
const KEPT_OF_SOURCE = 128

/** Serializes a chunk, with or without debug information and the numbers of registers in use; the same input gives the same bytes. */
export function writeChunk({ constants, protos }: Generated, name: string, strip: boolean): Uint8Array {
  const writer = new ByteWriter()
  const source = constants.index(keptName(name))
  writer.u32(CHUNK_FORMAT.MAGIC)
  writer.u32(CHUNK_FORMAT.VERSION)
  writer.u32(constants.values.length)
  writer.u32(protos.length)
  writer.u32(source)
  for (const value of constants.values) {
    if (typeof value === 'bigint') {
      writer.u8(1)
      writer.i64(value)
    } else {
      writer.u8(2)
      writer.u32(value.length)
      writer.byteString(value)
    }
  }
  for (const proto of protos) writeProto(writer, proto, strip)
  return writer.finish()
}

function keptName(name: string): string {
  const bytes = toByteString(name)
  return name.startsWith('@') ? bytes : bytes.slice(0, KEPT_OF_SOURCE)
}

function writeProto(writer: ByteWriter, proto: Proto, strip: boolean): void {
  const { code } = proto
  writer.u32(0)
  const start = writer.length
  writer.u8(proto.parameters)
  writer.u8(proto.vararg ? 1 : 0)
  writer.u8(proto.frame)
  writer.u8(proto.upvalues.length)
  writer.u32(code.here)
  writer.u32(proto.firstLine)
  writer.u32(proto.lastLine)
  const offsets = writer.length
  for (let i = 0; i < 6; i++) writer.u32(0)
  for (let i = 0; i < code.here; i++) {
    writer.u32(code.low[i]!)
    writer.u32(code.high[i]!)
  }
  SECTIONS.forEach((section, i) => {
    writer.setU32(offsets + i * 4, writer.length - start)
    if (!strip || section === writeUpvalues) section(writer, proto)
  })
  writer.pad(8, start)
  writer.setU32(start - 4, writer.length - start)
}

/** In the order of their offsets in the header. */
const SECTIONS = [writeUpvalues, writeLines, writeNames, writeLocals, writeLive]

function writeUpvalues(writer: ByteWriter, { upvalues }: Proto): void {
  for (const { inStack, index, name } of upvalues) {
    writer.u8(inStack ? 1 : 0)
    writer.u8(index)
    writer.u16(0)
    writer.u32(name)
  }
}

/** A line difference that does not fit into one byte is written after this one. */
export const LONG_DIFFERENCE = 0x80

function writeLines(writer: ByteWriter, { code, firstLine }: Proto): void {
  let line = firstLine
  for (const next of code.lines) {
    const difference = next - line
    if (difference >= -127 && difference <= 127) writer.u8(difference & 0xff)
    else {
      writer.u8(LONG_DIFFERENCE)
      writer.u32(difference)
    }
    line = next
  }
}

function writeNames(writer: ByteWriter, { code }: Proto): void {
  for (const { word, operand, kind, name } of code.names) {
    writer.u32(word | (operand << 24))
    writer.u32(name | (kind << 24))
  }
}

function writeLocals(writer: ByteWriter, { locals }: Proto): void {
  for (const { name, register, start, end } of locals) {
    writer.u32(name)
    writer.u32(start | (register << 24))
    writer.u32(end)
  }
}

function writeLive(writer: ByteWriter, { live }: Proto): void {
  for (const count of live) writer.u8(count)
}
