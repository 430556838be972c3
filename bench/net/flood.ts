/**
 * A process that makes a device of its network namespace receive datagrams as fast as one processor handles them: runs of an
 * XDP program hand copies of a frame to the network stack. Arguments: the device's index and its address of Ethernet,
 * source and destination of IPv4, the port, and seconds. Prints the milliseconds of processor time that it took.
 */
import { assemble } from '../../src/ebpf/assemble.ts'
import { loadProgram } from '../../src/kernel/load-program.ts'
import { datagram } from './datagram.ts'

const XDP_PASS = 2
const ROUND = 20_000

const [index, mac = '', source = '', destination = '', port, seconds] = process.argv.slice(2)
const data = datagram(mac, source, destination, Number(port))
// struct xdp_md: the packet from 0 to its length, and the device that it comes from
const context = new Uint8Array(Uint32Array.of(0, data.length, 0, Number(index), 0, 0).buffer)
using program = loadProgram(assemble(`r0 = ${XDP_PASS}\nexit`), { type: 'XDP', name: 'pass' })
const start = process.cpuUsage()
let took = 0
while (took < 1000 * Number(seconds)) {
  program.run({ data, context, repeat: ROUND, live: true })
  const { user, system } = process.cpuUsage(start)
  took = (user + system) / 1000
}
process.stdout.write(`${took}\n`)
