/** The module packet's addresses in text and back, against what Node makes of them. */
import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packetState } from './packet-script.fixture.ts'

const state = packetState(`
  local function bytes(hex) return (hex:gsub('..', function(two) return string.char(tonumber(two, 16)) end)) end
  function format(address) return packet.format(type(address) == 'string' and bytes(address) or address) end
  function address(text)
    local address = packet.address(text)
    if type(address) == 'number' then return address end
    return (address:gsub('.', function(c) return ('%02x'):format(c:byte()) end))
  end`)

const format = (address: number | string) => state.callSync('format', address)[0]
const address = (text: string) => state.callSync('address', text)[0]

test('IPv4', () => {
  expect(format(0x0a000001)).toBe('10.0.0.1')
  expect(address('255.254.253.252')).toBe(0xfffefdfc)
  expect(address('0.0.0.0')).toBe(0)
})

test('IPv6', () => {
  expect(format('fe800000000000000000000000000001')).toBe('fe80::1')
  expect(format('00010000000000020000000000000003')).toBe('1:0:0:2::3')
  expect(format('0001000000000002000300040005000a')).toBe('1::2:3:4:5:a')
  expect(format('00010000000200030004000500060007')).toBe('1:0:2:3:4:5:6:7')
  expect(format('00000000000000000000ffff0a000001')).toBe('::ffff:10.0.0.1')
  expect(format('0'.repeat(32))).toBe('::')
  expect(address('1:2::1.2.3.4')).toBe('00010002000000000000000001020304')
  expect(address('1:2:3:4:5:6:7::')).toBe('00010002000300040005000600070000')
})

test('Ethernet', () => expect(format('02000000abcd')).toBe('02:00:00:00:ab:cd'))

test('what is no address raises', () => {
  expect(() => format('0a0b')).toThrow(`bad argument #1 to 'format' (an integer, or 16 or 6 bytes expected)`)
  expect(() => address('10.0.0')).toThrow(`bad argument #1 to 'address' (10.0.0 is no IPv4 or IPv6 address)`)
})

const texts = [
  '1.2.3.4',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1..2.3',
  '.1.2.3',
  ' 1.2.3.4',
  '1.2.3.4 ',
  '',
  ':',
  '::',
  ':::',
  '1::',
  '::1',
  '1::2::3',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '1::2:3:4:5:6:7:8',
  '::1.2.3.4',
  '1.2.3.4::',
  '1:2:3:4:5:6:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '::1.2.3.4:5',
  '12345::',
  'g::',
  '1:',
  ':1',
  '::ffff:1.2.3.4',
  'FE80::A',
  '1::0.0.0.256',
]

test.each(texts)('%s is an address where it is one for Node', (text) => {
  if (isIP(text)) address(text)
  else expect(() => address(text)).toThrow('is no IPv4 or IPv6 address')
})

/** As a browser writes the address: shortened as RFC 5952 says, in hexadecimal throughout. */
const byNode = (groups: readonly number[]) =>
  new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1)

test('any IPv6 address, there and back, and as Node shortens it', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = groups.map((value) => value.toString(16).padStart(4, '0')).join('')
      const text = String(format(bytes))
      if (!text.startsWith('::ffff:')) expect(text).toBe(byNode(groups))
      expect(address(text)).toBe(bytes)
      expect(address(byNode(groups))).toBe(bytes)
    }),
  )
})

test('any IPv4 address, there and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
      expect(address(String(format(value)))).toBe(value)
    }),
  )
})
