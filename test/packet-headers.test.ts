/** What the module packet makes of whole headers: network, transport, reply, verdicts, and the methods that it calls. */
import { expect, test } from 'vitest'
import { hex, packetState } from './packet-script.fixture.ts'

const state = packetState(`
  local function hex(block) return (tostring(block):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
  function network(hdr)
    local found = packet.network(hdr)
    return found and found == hdr and found.version, found and (found.ttl or found.hop_limit)
  end
  function transport(hdr)
    local head, name = packet.transport(hdr)
    return name, head and #head, head and (head.destination or head.sequence)
  end
  function reply(hdr, eth) packet.reply(hdr, eth) return hex(hdr), eth and hex(eth) end
  function redirect(n) return packet.redirect(n) end
  function calls(...)
    local made = {}
    local hdr = {
      rewrite = function(_, what, value) made[#made + 1] = what .. '=' .. value return what ~= 3 end,
      seal = function(_, pld) made[#made + 1] = 'seal ' .. pld end,
    }
    local results = { packet.set_source(hdr, 1, 2), packet.set_source(hdr, 'a'), packet.set_source(hdr, nil, 4),
      packet.set_destination(hdr, 5), packet.set_destination(hdr, 6, 7), packet.checksums(hdr, 'p') }
    for i, value in ipairs(results) do results[i] = tostring(value) end
    return table.concat(made, ' '), table.concat(results, ' ')
  end`)

const A4 = '0a000001'
const B4 = '0a000002'
const A6 = '20010db8000000000000000000000001'
const B6 = '20010db8000000000000000000000002'
const ip = (
  protocol: string,
  rest: string,
  { from = A4, to = B4, fragment = '0000', ihl = 5, options = '' } = {},
) => hex(`4${ihl} 00 0054 1c46 ${fragment} 40 ${protocol} 0000 ${from} ${to} ${options} ${rest}`)
const ip6 = (next: string, rest: string, { from = A6, to = B6 } = {}) =>
  hex(`60000000 0014 ${next} ff ${from} ${to} ${rest}`)
const TCP = '1234 0050 00000001 00000002 5010 0000 0000 0000'
const UDP = '1234 0035 0008 0000'
const FRAGMENT = (offset: string) => `06 00 ${offset} 12345678`

test('network', () => {
  expect(state.callSync('network', ip('06', TCP))).toEqual([4, 64])
  expect(state.callSync('network', ip6('06', TCP))).toEqual([6, 255])
  expect(state.callSync('network', hex('50'))).toEqual([null, null])
  expect(state.callSync('network', new Uint8Array(0))).toEqual([null, null])
})

test.each([
  ['TCP', ip('06', TCP), ['tcp', 20, 80]],
  ['behind options', ip('11', UDP, { ihl: 6, options: '01010100' }), ['udp', 8, 53]],
  ['ICMP', ip('01', '0800 0000 0001 0007'), ['icmp', 8, 7]],
  ['SCTP', ip('84', '0b59 0b5a 00000e50 00000000'), ['sctp', 12, 0xb5a]],
  ['a protocol without a layout', ip('2f', '00000800'), [47, 4, null]],
  ['the first fragment', ip('11', UDP, { fragment: '2000' }), ['udp', 8, 53]],
  ['a later fragment', ip('11', UDP, { fragment: '0001' }), [null, null, null]],
  ['nothing behind the header', ip('06', ''), [null, null, null]],
  ['IPv6', ip6('11', UDP), ['udp', 8, 53]],
  ['ICMPv6', ip6('3a', '8000 0000 0001 0007'), ['icmp6', 8, 7]],
  [
    'IPv6, behind extension headers',
    ip6('3c', `2c00010400000000 ${FRAGMENT('0001')} ${TCP}`),
    ['tcp', 20, 80],
  ],
  ['IPv6, a later fragment', ip6('2c', `${FRAGMENT('0009')} ${TCP}`), [null, null, null]],
  ['IPv6, cut short in an extension header', ip6('3c', '06010104'), [null, null, null]],
  ['IPv6, nothing next', ip6('3b', ''), [null, null, null]],
  ['neither', hex('5000'), [null, null, null]],
] as const)('transport: %s', (_, hdr, expected) => expect(state.callSync('transport', hdr)).toEqual(expected))

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const TCP_BACK = TCP.replace('1234 0050', '0050 1234')

test.each([
  ['TCP', ip('06', TCP), ip('06', TCP_BACK, { from: B4, to: A4 })],
  ['IPv6', ip6('06', TCP), ip6('06', TCP_BACK, { from: B6, to: A6 })],
  ['ICMP', ip('01', '0800 0000 0001 0007'), ip('01', '0800 0000 0001 0007', { from: B4, to: A4 })],
  [
    'a later fragment',
    ip('06', TCP, { fragment: '0001' }),
    ip('06', TCP, { fragment: '0001', from: B4, to: A4 }),
  ],
  ['what is not IP', hex('0001 0800'), hex('0001 0800')],
])('reply: %s', (_, hdr, expected) => {
  expect(state.callSync('reply', hdr)).toEqual([text(expected), null])
  const [swapped, eth] = state.callSync('reply', hdr, hex('0a0a0a0a0a0a 0b0b0b0b0b0b 0800'))
  expect([swapped, eth]).toEqual([text(expected), '0b0b0b0b0b0b0a0a0a0a0a0a0800'])
})

test('reply leaves what is cut short as it is, and raises nothing', () => {
  const whole = ip('06', TCP)
  for (let n = 0; n < whole.length; n++) {
    const [reply] = state.callSync('reply', whole.subarray(0, n))
    if (n < 20) expect(reply).toBe(text(whole.subarray(0, n)))
  }
})

test('verdicts', () => expect(state.callSync('redirect', 7)).toEqual([0x40000007]))

test('changes are made by the methods of the packet', () => {
  expect(state.callSync('calls')).toEqual(['0=1 2=2 0=a 2=4 1=5 1=6 3=7 seal p', 'true true true true false'])
})
