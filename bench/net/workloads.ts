/** What is measured: traffic between a client and a server, whose packets meet the mechanism. */
import { iperf, startIperf } from '../../tools/network/iperf.ts'
import type { Active, Place } from './contender.ts'
import { processorUse } from './processor-use.ts'
import { ECHO_PORT, ECHO_SERVER, PING_PONG, SINK, SINK_PORT } from './servers.ts'

/** Figures by the names of columns. */
export type Figures = Record<string, number>

export interface Column {
  readonly name: string
  readonly unit: string
}

export const COLUMNS: readonly Column[] = [
  { name: 'TCP, 100 Mbit/s link', unit: 'Mbit/s' },
  { name: 'CPU at that', unit: '%' },
  { name: 'TCP, no limit', unit: 'Mbit/s' },
  { name: 'round trip', unit: 'µs' },
  { name: 'UDP, 64 bytes', unit: 'packets/s' },
  { name: 'a packet of TCP', unit: 'ns' },
  { name: 'a packet of UDP', unit: 'ns' },
]

/** Servers that all runs use. */
export async function startServers({ server, address }: Place): Promise<void> {
  await startIperf(server, address)
  await Promise.all([ECHO_SERVER, SINK].map((script) => server.node(script).said(/listening/)))
}

/** Datagrams that have reached a namespace's sockets, be it that their buffers were full (InDatagrams, InErrors). */
function arrived({ server }: Place): number {
  const [names, values] = [...server.done('cat', '/proc/net/snmp').matchAll(/^Udp: (.*)$/gm)].map(
    ([, line]) => (line as string).split(' '),
  ) as [string[], string[]]
  return ['InDatagrams', 'InErrors'].reduce((sum, name) => sum + Number(values[names.indexOf(name)]), 0)
}

/** A datagram of 18 bytes makes a frame of 64, with its checksum. */
const SMALL = { length: 18, rate: '0' }

/**
 * Datagrams in a second that got to the server. Where it is the receiver itself, of as many as one processor handles; a
 * router drops most of such a flood, and gets those that iperf3 sends.
 */
async function datagrams(place: Place, seconds: number): Promise<number> {
  if (place.middle === place.server) return flood(place, seconds)
  const { packetsPerSecond } = await iperf(place.client, place.address, { time: seconds, udp: SMALL })
  return packetsPerSecond
}

async function flood(place: Place, seconds: number): Promise<number> {
  const { middle, inside, outgoing, address } = place
  const before = arrived(place)
  const { out, err } = await middle.start(
    ...[process.execPath, `${import.meta.dirname}/flood.js`, String(inside.index), inside.mac],
    ...[outgoing.ipv4, address, String(SINK_PORT), String(seconds)],
  ).ended
  if (err !== '') throw new Error(`Cannot send datagrams: ${err}`)
  return ((arrived(place) - before) * 1000) / Number(out)
}

async function roundTrip({ client, address }: Place, seconds: number): Promise<number> {
  const { out, err } = await client.node(PING_PONG, address, String(ECHO_PORT), String(seconds)).ended
  if (!/^[\d.]+\n$/.test(out)) throw new Error(`Cannot measure round trips: ${out}${err}`)
  return Number(out)
}

/** One run of everything, `seconds` for each kind of traffic. */
export async function runWorkloads(place: Place, seconds: number): Promise<Figures> {
  const { client, address, outgoing } = place
  const tcp = () => iperf(client, address, { time: seconds })
  client.shape(outgoing, '100mbit')
  const use = processorUse()
  const shaped = await tcp().finally(() => client.unshape(outgoing))
  const cpu = use()
  const unlimited = await tcp()
  const us = await roundTrip(place, seconds)
  const udp = await datagrams(place, seconds)
  return {
    'TCP, 100 Mbit/s link': shaped.bitsPerSecond / 1e6,
    'CPU at that': 100 * cpu,
    'TCP, no limit': unlimited.bitsPerSecond / 1e6,
    'round trip': us,
    'UDP, 64 bytes': udp,
  }
}

/** Nanoseconds in which a mechanism's programs handle a packet; they have to be counted by the kernel meanwhile. */
export async function runTimesOf(
  place: Place,
  seconds: number,
  runTimes: NonNullable<Active['runTimes']>,
): Promise<Figures> {
  const { client, address } = place
  const perPacket = async (run: () => Promise<unknown>): Promise<number> => {
    const before = await runTimes()
    await run()
    const after = await runTimes()
    return (after.nanoseconds - before.nanoseconds) / (after.runs - before.runs)
  }
  return {
    'a packet of TCP': await perPacket(() => iperf(client, address, { time: seconds })),
    'a packet of UDP': await perPacket(() => datagrams(place, seconds)),
  }
}
