/** Hooks for packets in user space, which judge frames one by one, for tests of scripts. */
import { LIBRARIES } from '../src/index.ts'
import { PacketHook, type PacketHookOptions } from '../src/named/packet-hook.ts'
import { LINK_ETHERNET } from '../src/packet/link-type.ts'
import { findHook } from '../src/subsystems/find.ts'

/** What becomes of a frame: bytes are those of a frame that has been changed, an error is a failed call's. */
export type Judged =
  | 'accept'
  | 'drop'
  | 'malformed'
  | { readonly bytes: Uint8Array }
  | { readonly error: string }

/** Judges frames as a hook of this name with this script does. */
export function judge(
  name: string,
  script: string,
  options: PacketHookOptions = {},
): (frame: Uint8Array) => Judged {
  const hook = new PacketHook(findHook(name) as ConstructorParameters<typeof PacketHook>[0], {
    libraries: LIBRARIES,
    ...options,
  })
  hook.state.loadSync(script)
  return (frame) => {
    const { kind } = hook.look(0, LINK_ETHERNET, { bytes: frame, start: 0, end: frame.length })
    if (kind === 'malformed') return 'malformed'
    return hook.ruled(0) ?? hook.judge(0)
  }
}

const word = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** The ones' complement sum of the bytes (RFC 1071). */
function sum(...parts: readonly Uint8Array[]): number {
  let total = 0
  for (const part of parts) for (let at = 0; at < part.length; at += 2) total += word(part, at)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return total
}

const CHECKSUM_AT: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2 }

/** Parts of an Ethernet frame with IP and no extension headers. */
function partsOf(frame: Uint8Array) {
  const isIp6 = (frame[14] as number) >> 4 === 6
  const protocol = frame[isIp6 ? 20 : 23] as number
  const transport = frame.subarray(isIp6 ? 54 : 14 + ((frame[14] as number) & 15) * 4)
  const addresses = isIp6 ? frame.subarray(22, 54) : frame.subarray(26, 34)
  const pseudo = Uint8Array.from([transport.length >> 8, transport.length & 255, 0, protocol])
  const header = isIp6 ? new Uint8Array(0) : frame.subarray(14, 34)
  return {
    header,
    transport,
    covered: protocol === 1 ? [transport] : [addresses, pseudo, transport],
    protocol,
  }
}

/** The frame with its checksums. */
export function sealed(frame: Uint8Array): Uint8Array {
  const copy = frame.slice()
  const { header, transport, covered, protocol } = partsOf(copy)
  const put = (part: Uint8Array, at: number, covers: readonly Uint8Array[]) => {
    part.fill(0, at, at + 2)
    const checksum = ~sum(...covers) & 0xffff
    part.set([checksum >> 8, checksum & 255], at)
  }
  if (header.length > 0) put(header, 10, [header])
  put(transport, CHECKSUM_AT[protocol] as number, covered)
  return copy
}

/** Are its checksums right? */
export function isSound(frame: Uint8Array): boolean {
  const { header, covered } = partsOf(frame)
  return (header.length === 0 || sum(header) === 0xffff) && sum(...covered) === 0xffff
}
