/**
 * Messages of nfnetlink_queue: binding to a queue, packets that arrive in it, verdicts. Formats of
 * include/uapi/linux/netlink.h, netfilter/nfnetlink.h and netfilter/nfnetlink_queue.h.
 */

/** NFNL_SUBSYS_QUEUE << 8, and below it the messages NFQNL_MSG_…. */
const SUBSYSTEM = 3 << 8
const MESSAGE = { PACKET: 0, VERDICT: 1, CONFIG: 2 } as const
/** NLM_F_REQUEST */
const REQUEST = 1
const HEADER = 20
/** Attributes of configurations (NFQA_CFG_…) and of packets and verdicts (NFQA_…). */
const CONFIG = { CMD: 1, PARAMS: 2, MASK: 4, FLAGS: 5 } as const
const ATTRIBUTE = { PACKET_HDR: 1, VERDICT_HDR: 2, PAYLOAD: 10 } as const
/** NFQNL_CFG_CMD_BIND, NFQNL_COPY_PACKET, NFQA_CFG_F_GSO: large packets arrive whole. */
const BIND = 1
const COPY_PACKET = 2
const WHOLE_SEGMENTS = 1 << 2
const FULL_PACKET = 0xffff
const AF_INET = 2

const align = (length: number) => (length + 3) & ~3

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(align(4 + value.length))
  bytes.writeUInt16LE(4 + value.length)
  bytes.writeUInt16LE(type, 2)
  value.copy(bytes, 4)
  return bytes
}

function message(type: number, queue: number, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes)
  const bytes = Buffer.alloc(HEADER + body.length)
  bytes.writeUInt32LE(bytes.length)
  bytes.writeUInt16LE(SUBSYSTEM | type, 4)
  bytes.writeUInt16LE(REQUEST, 6)
  // struct nfgenmsg: no family, version 0, the queue
  bytes.writeUInt16BE(queue, 18)
  body.copy(bytes, HEADER)
  return bytes
}

const words = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * i)
  return bytes
}

/** Makes the kernel send the packets of a queue, whole. */
export function bindMessages(queue: number): Buffer[] {
  const command = attribute(CONFIG.CMD, Buffer.of(BIND, 0, 0, AF_INET))
  // struct nfqnl_msg_config_params is packed: 5 bytes
  const parameters = attribute(CONFIG.PARAMS, Buffer.concat([words(FULL_PACKET), Buffer.of(COPY_PACKET)]))
  const flags = [
    attribute(CONFIG.FLAGS, words(WHOLE_SEGMENTS)),
    attribute(CONFIG.MASK, words(WHOLE_SEGMENTS)),
  ]
  return [
    message(MESSAGE.CONFIG, queue, [command]),
    message(MESSAGE.CONFIG, queue, [parameters]),
    message(MESSAGE.CONFIG, queue, flags),
  ]
}

/** What becomes of a packet. */
export function verdictMessage(queue: number, id: number, accept: boolean): Buffer {
  return message(MESSAGE.VERDICT, queue, [attribute(ATTRIBUTE.VERDICT_HDR, words(accept ? 1 : 0, id))])
}

export interface QueuedPacket {
  readonly id: number
  /** From the network layer on. */
  readonly bytes: Uint8Array
}

/** The packets among messages that arrived at once. */
export function* queuedPackets(messages: Buffer): Generator<QueuedPacket> {
  for (let at = 0; at + HEADER <= messages.length; at += align(messages.readUInt32LE(at))) {
    const length = messages.readUInt32LE(at)
    if (length < HEADER) return
    if (messages.readUInt16LE(at + 4) !== (SUBSYSTEM | MESSAGE.PACKET)) continue
    let id: number | undefined
    let bytes: Uint8Array | undefined
    for (let part = at + HEADER; part + 4 <= at + length; ) {
      const size = messages.readUInt16LE(part)
      const type = messages.readUInt16LE(part + 2)
      if (type === ATTRIBUTE.PACKET_HDR) id = messages.readUInt32BE(part + 4)
      if (type === ATTRIBUTE.PAYLOAD) bytes = messages.subarray(part + 4, part + size)
      part += align(size)
    }
    if (id !== undefined && bytes !== undefined) yield { id, bytes }
  }
}
