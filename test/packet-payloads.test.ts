/** What the module packet reads in payloads and extension headers, whole and cut short at every byte. */
import { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientHello, dnsQuery, hex, packetState, serverName } from './packet-script.fixture.ts'

const state = packetState(`
  function question(pld) return packet.question(pld) end
  function server(pld) return packet.server_name(pld) end
  function extensions(hdr)
    local found = {}
    for kind, segment in packet.extensions(hdr) do found[#found + 1] = kind .. ':' .. #segment end
    return table.concat(found, ' ')
  end
  function fragment(hdr)
    for kind, segment in packet.extensions(hdr) do
      if kind == 44 then return segment.offset, segment.mf, segment.id end
    end
  end`)

/** The first `n` bytes for each n. */
const prefixes = (bytes: Uint8Array) => Array.from(bytes, (_, n) => bytes.subarray(0, n))

describe('questions of DNS', () => {
  const question = (bytes: Uint8Array) => state.callSync('question', bytes)

  test('name, type, class and the offset behind them', () => {
    expect(question(dnsQuery(['www', 'Example', 'org'], 28))).toEqual(['www.Example.org', 28, 1, 33])
    expect(question(dnsQuery([]))).toEqual(['', 1, 1, 17])
    expect(question(Uint8Array.from([...dnsQuery(['a']), 1, 2, 3]))).toEqual(['a', 1, 1, 19])
  })

  test('characters that would be mistaken are escaped', () => {
    expect(question(dnsQuery(['a.b', 'c\\d', '\0 é', 'x_y-z*']))[0]).toBe(
      'a\\.b.c\\\\d.\\000\\032\\233.x_y-z*',
    )
  })

  test('nothing for what is no question', () => {
    const none = dnsQuery(['a'])
    none[5] = 0
    expect(question(none)).toEqual([])
    expect(question(hex('beef 0100 0001 0000 0000 0000 c00c 0001 0001'))).toEqual([])
    expect(question(dnsQuery(Array.from({ length: 5 }, () => 'x'.repeat(60))))).toEqual([])
    expect(question(new Uint8Array(0))).toEqual([])
    expect(state.callSync('question')).toEqual([])
    const longest = ['x'.repeat(63), 'x'.repeat(63), 'x'.repeat(63), 'x'.repeat(61)]
    expect(question(dnsQuery(longest))[0]).toBe(longest.join('.'))
    expect(question(dnsQuery([...longest.slice(0, 3), 'x'.repeat(62)]))).toEqual([])
  })

  test('nothing for what is cut short', () => {
    for (const part of prefixes(dnsQuery(['www', 'example', 'org']))) expect(question(part)).toEqual([])
  })

  test('any name comes back', () => {
    const label = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 65535 }),
        (labels, type) => {
          expect(question(dnsQuery(labels, type)).slice(0, 2)).toEqual([labels.join('.'), type])
        },
      ),
    )
  })

  test('any bytes are read without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => question(bytes).length < 5))
  })
})

/** The first bytes that OpenSSL sends for this name. */
function helloOf(servername: string): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const socket = new Duplex({
      read() {},
      write(bytes: Uint8Array) {
        resolve(bytes)
        socket.destroy()
      },
    })
    connect({ socket, servername, rejectUnauthorized: false }).on('error', () => {})
  })
}

describe("server's names of TLS", () => {
  const server = (bytes: Uint8Array) => state.callSync('server', bytes)[0] ?? null
  const other = [43, [2, 3, 4]] as const

  test('as OpenSSL sends them, and nothing or the same where it is cut short', async () => {
    const hello = await helloOf('www.example.org')
    expect(server(hello)).toBe('www.example.org')
    const names = prefixes(hello).map(server)
    const at = Buffer.from(hello).indexOf('www.example.org')
    expect(names.indexOf('www.example.org')).toBe(at + 15)
    expect(new Set(names)).toEqual(new Set([null, 'www.example.org']))
  })

  test('wherever the extension is', () => {
    expect(server(clientHello([serverName('a.b')]))).toBe('a.b')
    expect(server(clientHello([other, other, serverName('a.b'), other]))).toBe('a.b')
    expect(server(Uint8Array.from([...clientHello([serverName('a.b')]), 22, 3, 1]))).toBe('a.b')
  })

  test('nothing where there is none', () => {
    expect(server(clientHello([other]))).toBe(null)
    expect(server(clientHello([]))).toBe(null)
    expect(server(clientHello([[0, []]]))).toBe(null)
    expect(server(clientHello([[0, [0, 5, 1, 0, 2, 65, 66]]]))).toBe(null)
    for (const length of [0, 2, 4, 9])
      expect(server(clientHello([[0, [0, 6, 0, 0, length, 65, 46, 66]]]))).toBe(null)
    expect(server(new Uint8Array(0))).toBe(null)
    expect(state.callSync('server')).toEqual([])
  })

  test('nothing in other records, other handshakes, and records that are too long', () => {
    const hello = clientHello([serverName('a.b')])
    const changed = (at: number, byte: number) => hello.map((value, i) => (i === at ? byte : value))
    for (const [at, byte] of [
      [0, 23],
      [1, 2],
      [3, 65],
      [5, 2],
    ] as const)
      expect(server(changed(at, byte))).toBe(null)
  })

  test('lengths that contradict each other give nothing', () => {
    const hello = clientHello([other, serverName('abc.example'), other])
    for (let at = 3; at < hello.length; at++)
      for (const byte of [0, 1, 255]) {
        const name = server(hello.map((value, i) => (i === at ? byte : value)))
        if (name !== null) expect(name).toHaveLength(11)
      }
  })

  test('any bytes are read without an error', () => {
    const start = clientHello([serverName('a.b')])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(start.length), (bytes, n) => {
        server(Uint8Array.from([...start.subarray(0, n), ...bytes]))
      }),
    )
  })
})

describe('extension headers', () => {
  const extensions = (bytes: Uint8Array) => state.callSync('extensions', bytes)[0]
  const ip6 = (next: number) => `60000000 0000 ${next.toString(16).padStart(2, '0')} 40 ${'00'.repeat(32)}`
  const hop = '2c00 010400000000'
  const first = '3c00 0001 12345678'
  const options = '3301 0104000000000102 000000000000'
  const authentication = '0604 0000 00000100 00000001 000102030405060708090a0b'

  test('each with its type, up to the transport header', () => {
    const all = hex(ip6(0) + hop + first + options + authentication + '00'.repeat(20))
    expect(extensions(all)).toBe('0:8 44:8 60:16 51:24')
    expect(state.callSync('fragment', all)).toEqual([0, 1, 0x12345678])
    expect(extensions(hex(ip6(6) + '00'.repeat(20)))).toBe('')
  })

  test('not behind the header of a later fragment', () => {
    expect(extensions(hex(`${ip6(0)}${hop}3c00 0008 12345678 0000000000000000`))).toBe('0:8 44:8')
  })

  test('not in IPv4', () => expect(extensions(hex(`45${'00'.repeat(60)}`))).toBe(''))

  test('only those that are whole', () => {
    const all = hex(ip6(0) + hop + first + options + authentication)
    const found = prefixes(all).map(extensions)
    expect([...new Set(found)]).toEqual(['', '0:8', '0:8 44:8', '0:8 44:8 60:16'])
    expect(found.indexOf('0:8')).toBe(48)
    expect(found.indexOf('0:8 44:8 60:16')).toBe(72)
  })
})
