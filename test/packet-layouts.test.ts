/** The layouts of the module packet: known bytes, and writing. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldReader, hex, packetState } from './packet-script.fixture.ts'

const KNOWN: readonly (readonly [string, string, Record<string, number | string>])[] = [
  [
    'ethernet',
    '020000000001 020000000002 0800',
    { destination: '020000000001', source: '020000000002', type: 0x800 },
  ],
  ['vlan', 'b064 86dd', { pcp: 5, dei: 1, vid: 100, type: 0x86dd }],
  [
    'arp',
    '0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002',
    {
      hrd: 1,
      pro: 0x800,
      hln: 6,
      pln: 4,
      op: 2,
      sha: '020000000001',
      spa: 0x0a000001,
      tha: '020000000002',
      tpa: 0x0a000002,
    },
  ],
  [
    'ip',
    '45 b9 0054 1c46 6001 40 06 b1e6 c0a80068 c0a80001',
    {
      version: 4,
      ihl: 5,
      dscp: 46,
      ecn: 1,
      length: 84,
      id: 0x1c46,
      flags: 3,
      df: 1,
      mf: 1,
      offset: 1,
      ttl: 64,
      protocol: 6,
      checksum: 0xb1e6,
      source: 0xc0a80068,
      destination: 0xc0a80001,
    },
  ],
  [
    'ip6',
    '6b9abcde 0014 3a ff 20010db8000000000000000000000001 20010db8000000000000000000000002',
    {
      version: 6,
      traffic_class: 0xb9,
      dscp: 46,
      ecn: 1,
      flow_label: 0xabcde,
      payload_length: 20,
      next_header: 58,
      hop_limit: 255,
      source: '20010db8000000000000000000000001',
      destination: '20010db8000000000000000000000002',
    },
  ],
  ['extension', '3a 01', { next_header: 58, length: 1 }],
  ['fragment', '06 00 0ff9 12345678', { next_header: 6, offset: 0x1ff, mf: 1, id: 0x12345678 }],
  [
    'tcp',
    'd431 0016 01020304 05060708 8112 faf0 fe30 0007',
    {
      source: 0xd431,
      destination: 22,
      sequence: 0x01020304,
      acknowledgment: 0x05060708,
      offset: 8,
      reserved: 1,
      flags: 0x12,
      cwr: 0,
      ece: 0,
      urg: 0,
      ack: 1,
      psh: 0,
      rst: 0,
      syn: 1,
      fin: 0,
      window: 0xfaf0,
      checksum: 0xfe30,
      urgent_pointer: 7,
    },
  ],
  ['udp', '0035 d431 001c 1234', { source: 53, destination: 0xd431, length: 28, checksum: 0x1234 }],
  [
    'sctp',
    '0b59 0b5a 00000e50 00000000',
    { source: 2905, destination: 2906, verification_tag: 0xe50, checksum: 0 },
  ],
  [
    'icmp',
    '03 04 1234 0000 05dc',
    { type: 3, code: 4, checksum: 0x1234, id: 0, sequence: 1500, gateway: 1500, pointer: 0, mtu: 1500 },
  ],
  [
    'icmp6',
    '87 00 1234 00000500 fe800000000000000000000000000001',
    {
      type: 135,
      code: 0,
      checksum: 0x1234,
      id: 0,
      sequence: 0x500,
      mtu: 0x500,
      pointer: 0x500,
      target: 'fe800000000000000000000000000001',
    },
  ],
  [
    'dns',
    'beef 8593 0001 0002 0003 0004',
    {
      id: 0xbeef,
      qr: 1,
      opcode: 0,
      aa: 1,
      tc: 0,
      rd: 1,
      ra: 1,
      z: 0,
      ad: 0,
      cd: 1,
      rcode: 3,
      qdcount: 1,
      ancount: 2,
      nscount: 3,
      arcount: 4,
    },
  ],
]

const read = fieldReader()

test.each(KNOWN)('%s', (layout, bytes, expected) => expect(read(layout, hex(bytes))).toEqual(expected))

test('each layout has been looked at', () => {
  const state = packetState(`function names() local n = {}
    for name in pairs(packet.layouts) do n[#n + 1] = name end
    table.sort(n) return table.concat(n, ' ') end`)
  expect(state.callSync('names')).toEqual([
    KNOWN.map(([name]) => name)
      .sort()
      .join(' '),
  ])
})

test('writing what was read changes nothing, and a bit that is written is read', () => {
  const state = packetState(`function rewrite(name, block, flip)
    local copy = data.new(tostring(block)):layout(packet.layouts[name])
    local before = tostring(copy)
    for field in pairs(packet.layouts[name]) do
      local value = copy[field]
      copy[field] = value
      assert(tostring(copy) == before, field)
      if type(value) == 'number' then
        copy[field] = value ~ 1
        assert(copy[field] == value ~ 1, field)
      else
        copy[field] = value:reverse()
        assert(copy[field] == value:reverse(), field)
      end
      copy[field] = value
      assert(tostring(copy) == before, field)
    end
  end`)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (bytes) => {
      for (const [layout] of KNOWN) state.callSync('rewrite', layout, bytes)
    }),
    { numRuns: 50 },
  )
})
