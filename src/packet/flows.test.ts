import { expect, test } from 'vitest'
import { bytesOf, ipv4, ipv6, tcp, udp } from '../../tools/packets/sample-packets.ts'
import { dissect } from './dissect.fixture.ts'
import { type Flow, FlowTable } from './flows.ts'

const RAW = 101

function flowsOf(...packets: Uint8Array[]): readonly Flow[] {
  const table = new FlowTable()
  for (const bytes of packets) {
    const packet = dissect(RAW, bytes, 0, bytes.length)
    if (packet.kind === 'ip') table.observe(bytes, packet, 100)
  }
  return table.all
}

const there = { source: '10.77.0.2', destination: '10.77.0.1' }
const back = { source: '10.77.0.1', destination: '10.77.0.2' }

test('both directions are one flow, whose source sent its first packet', () => {
  const flows = flowsOf(
    ipv4(tcp(40000, 22, 'SSH-2.0-client\r\n'), there),
    ipv4(tcp(22, 40000, 'SSH-2.0-server\r\n'), back),
    ipv4(tcp(40000, 22), there),
  )
  expect(flows).toHaveLength(1)
  expect(flows[0]).toMatchObject({
    protocol: 6,
    packets: 3,
    bytes: 300,
    source: { address: '10.77.0.2', port: 40000, software: 'client' },
    destination: { address: '10.77.0.1', port: 22, software: 'server' },
  })
})

test('protocol, ports and addresses each tell flows apart', () => {
  const flows = flowsOf(
    ipv4(tcp(1, 2), there),
    ipv4(tcp(1, 3), there),
    ipv4(tcp(2, 2), there),
    ipv4(tcp(2, 1), there),
    ipv4(udp(1, 2), { ...there, protocol: 17 }),
    ipv4(tcp(1, 2), { ...there, destination: '10.77.0.3' }),
    ipv6(tcp(1, 2), { source: 'fd00::1', destination: 'fd00::2' }),
    ipv6(tcp(1, 2), { source: 'fd00::1', destination: 'fd00:0:0:1::2' }),
    ipv4(bytesOf('rest'), { ...there, fragmentOffset: 9 }),
    ipv4(tcp(0, 0), there),
  )
  expect(flows.map((flow) => flow.packets)).toEqual(new Array(10).fill(1))
})

test('IPv6 flows have both directions too, in order of their first packets', () => {
  const flows = flowsOf(
    ipv6(tcp(9, 1), { source: 'fd00::2', destination: 'fd00::9' }),
    ipv6(tcp(1, 2), { source: 'fd00::1', destination: 'fd00::2' }),
    ipv6(tcp(1, 9), { source: 'fd00::9', destination: 'fd00::2' }),
  )
  expect(flows.map(({ packets, source }) => [packets, source.address])).toEqual([
    [2, 'fd00::2'],
    [1, 'fd00::1'],
  ])
})

test('an endpoint that talks to itself', () => {
  const self = { source: '127.0.0.1', destination: '127.0.0.1' }
  const flows = flowsOf(ipv4(tcp(5, 5, 'SSH-2.0-self\n'), self), ipv4(tcp(5, 5), self))
  expect(flows).toHaveLength(1)
  expect(flows[0]).toMatchObject({
    packets: 2,
    source: { software: 'self' },
    destination: { software: undefined },
  })
})

test('packets without payload are no announcement, and only the first payloads of a side are read', () => {
  const lines = (count: number) => new Array(count).fill(ipv4(tcp(1, 2, 'hello\n'), there))
  const ack = ipv4(tcp(1, 2), there)
  const announcement = ipv4(tcp(1, 2, 'SSH-2.0-x\n'), there)
  expect(flowsOf(ack, ack, ack, ack, ack, ...lines(3), announcement)[0]!.source.software).toBe('x')
  expect(flowsOf(...lines(4), announcement)[0]!.source.software).toBeUndefined()
})
