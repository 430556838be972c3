/** Frames for floods. */

/** Without the checksum of Ethernet, which makes 64. */
const FRAME = 60
const NETWORK = 14
const TRANSPORT = NETWORK + 20
const UDP = 17
const SOURCE_PORT = 5000

const bytesOf = (address: string) => address.split('.').map(Number)

/** The smallest frame of Ethernet that holds a datagram of UDP over IPv4 (RFC 791, RFC 768), which has no checksum. */
export function datagram(mac: string, source: string, destination: string, port: number): Uint8Array {
  const frame = Buffer.alloc(FRAME)
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(frame)
  frame.writeUInt16BE(0x0800, 12)
  frame.set([0x45, 0, 0, FRAME - NETWORK, 0, 0, 0, 0, 64, UDP], NETWORK)
  frame.set([...bytesOf(source), ...bytesOf(destination)], NETWORK + 12)
  let sum = 0
  for (let at = NETWORK; at < TRANSPORT; at += 2) sum += frame.readUInt16BE(at)
  frame.writeUInt16BE(~(sum + (sum >>> 16)) & 0xffff, NETWORK + 10)
  frame.writeUInt16BE(SOURCE_PORT, TRANSPORT)
  frame.writeUInt16BE(port, TRANSPORT + 2)
  frame.writeUInt16BE(FRAME - TRANSPORT, TRANSPORT + 4)
  return frame
}
