/** The examples for packets, called from TypeScript with the blocks that hooks pass. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { State } from '../src/index.ts'
import { clientHello, dnsQuery, hex, packetState, serverName } from './packet-script.fixture.ts'

const SECOND = 1_000_000_000

/** A state with an example, and the time that scripts see. */
function example(name: string, script = ''): { state: State; clock: { now: number }; printed: () => string } {
  const clock = { now: 1000 * SECOND }
  let text = ''
  const state = packetState('', {
    output: (bytes) => {
      text += Buffer.from(bytes)
    },
  })
  state.register('linux', { time: () => clock.now })
  state.loadSync(readFileSync(`examples/${name}.lua`), { name: `${name}.lua` })
  state.loadSync(script)
  return { state, clock, printed: () => text }
}

const be16 = (value: number) => value.toString(16).padStart(4, '0')

/** Headers of IPv4 with those of a transport protocol. */
function headers(protocol: number, source: string, destination: string, transport: string): Uint8Array {
  const address = (text: string) => text.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
  const parts = [address(source), address(destination)].flat().join('')
  return hex(`4500 0000 0000 0000 40 ${be16(protocol).slice(2)} 0000 ${parts} ${transport}`)
}

const tcp = (source: number, destination: number, flags = '02') =>
  `${be16(source)} ${be16(destination)} 00000000 00000000 50 ${flags} 0000 0000 0000`
const opening = (from: string, port: number, source = 1234) =>
  headers(6, from, '192.0.2.1', tcp(source, port))
const none = new Uint8Array(0)

describe('sni-block', () => {
  const { state, printed } = example('sni-block')
  const filter = (name?: string) =>
    state.callSync(
      'filter',
      opening('10.0.0.2', 443),
      clientHello(name === undefined ? [] : [serverName(name)]),
    )[0]

  test('drops listed names and those below', () => {
    expect(['example.com', 'www.EXAMPLE.com', 'a.ads.example.net'].map(filter)).toEqual([false, false, false])
    expect(printed()).toBe('refused: example.com\nrefused: www.EXAMPLE.com\nrefused: a.ads.example.net\n')
  })

  test('accepts all else', () => {
    expect(['example.org', 'notexample.com', 'com', 'example.com.org', undefined].map(filter)).toEqual(
      Array(5).fill(true),
    )
    expect(state.callSync('filter', opening('10.0.0.2', 443), none)).toEqual([true])
    expect(state.callSync('filter', opening('10.0.0.2', 443))).toEqual([true])
  })
})

describe('dns-block', () => {
  const answer = `packet.checksums = function() sealed = true end
    local function hex(block) return (tostring(block):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
    function answer(hdr, pld, eth) return filter(hdr, pld, {}, eth), hex(hdr), hex(pld), hex(eth), sealed end`
  const { state } = example('dns-block', answer)
  const query = headers(17, '10.0.0.2', '192.0.2.1', 'd431 0035 0000 0000')
  const ethernet = hex('020000000001 020000000002 0800')
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

  test('sends the query back as the answer that there is no such name', () => {
    const asked = dnsQuery(['www', 'example', 'com'])
    const [verdict, hdr, pld, eth, sealed] = state.callSync('answer', query, asked, ethernet)
    expect(verdict).toBe(0x40000000)
    expect(hdr).toBe(text(headers(17, '192.0.2.1', '10.0.0.2', '0035 d431 0000 0000')))
    expect(pld).toBe(text(asked).replace('beef0100', 'beef8183'))
    expect(eth).toBe('0200000000020200000000010800')
    expect(sealed).toBe(true)
  })

  test('lets other names, answers and other messages pass as they are', () => {
    const response = dnsQuery(['example', 'com']).map((byte, i) => (i === 2 ? byte | 0x80 : byte))
    const update = dnsQuery(['example', 'com']).map((byte, i) => (i === 2 ? 0x28 : byte))
    for (const message of [dnsQuery(['example', 'org']), response, update, none])
      expect(state.callSync('answer', query, message, ethernet).slice(0, 3)).toEqual([
        true,
        text(query),
        text(message),
      ])
  })
})

describe('syn-guard', () => {
  test('20 at a stretch, then 10 a second, for each source', () => {
    const { state, clock } = example('syn-guard')
    const accepted = (from: string, count: number) =>
      Array.from({ length: count }, () => state.callSync('filter', opening(from, 80))[0]).filter(Boolean)
        .length
    expect(accepted('10.0.0.2', 30)).toBe(20)
    expect(accepted('10.0.0.3', 5)).toBe(5)
    clock.now += SECOND
    expect(accepted('10.0.0.2', 30)).toBe(10)
    clock.now += 100 * SECOND
    expect(accepted('10.0.0.2', 30)).toBe(20)
  })

  test('only what opens a connection counts', () => {
    const { state } = example('syn-guard')
    for (const flags of ['10', '12', '04'])
      for (let i = 0; i < 30; i++)
        expect(state.callSync('filter', headers(6, '10.0.0.2', '192.0.2.1', tcp(1, 2, flags)))).toEqual([
          true,
        ])
  })

  test('many sources take bounded memory, and one of many is still held', () => {
    const { state } = example('syn-guard')
    const filter = (n: number) =>
      state.callSync('filter', opening(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 80))[0]
    for (let i = 0; i < 20; i++) filter(1)
    for (let n = 2; n < 1500; n++) filter(n)
    expect(filter(1)).toBe(false)
    const { used } = state.memory
    for (let n = 2; n < 20_000; n++) filter(n)
    state.loadSync('collectgarbage() collectgarbage()')
    expect(state.memory.used).toBeLessThan(used + 100_000)
  })
})

describe('knock', () => {
  const setUp = () => {
    const { state, clock } = example('knock')
    const filter = (port: number, from = '10.0.0.2') => state.callSync('filter', opening(from, port))[0]
    return { state, clock, filter }
  }

  test('the door opens after the three knocks, for 30 seconds, for that source', () => {
    const { clock, filter } = setUp()
    expect([22, 7000, 8000, 22, 9000, 22].map((port) => filter(port))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ])
    expect(filter(22, '10.0.0.3')).toBe(false)
    clock.now += 29 * SECOND
    expect(filter(22)).toBe(true)
    clock.now += 2 * SECOND
    expect(filter(22)).toBe(false)
  })

  test('not after knocks that are late, or in another order; one that is sent again does no harm', () => {
    const { clock, filter } = setUp()
    filter(7000)
    filter(8000)
    clock.now += 6 * SECOND
    filter(9000)
    expect(filter(22)).toBe(false)
    for (const port of [7000, 9000, 8000, 9000]) filter(port)
    expect(filter(22)).toBe(false)
    for (const port of [7000, 7000, 8000, 8000, 9000, 9000]) filter(port)
    expect(filter(22)).toBe(true)
  })

  test('connections that are open, and other ports, are left alone', () => {
    const { state, filter } = setUp()
    expect(filter(80)).toBe(true)
    expect(state.callSync('filter', headers(6, '10.0.0.2', '192.0.2.1', tcp(1, 22, '18')))).toEqual([true])
  })
})

test('http-log prints requests, and accepts everything', () => {
  const { state, printed } = example('http-log')
  const send = (text: string) =>
    expect(state.callSync('filter', opening('10.0.0.2', 80), Buffer.from(text, 'latin1'))).toEqual([true])
  send('GET /index.html?a=1 HTTP/1.1\r\nUser-Agent: x\r\nHOST:  example.org:8080\r\n\r\n')
  send('POST / HTTP/1.0\r\n\r\n')
  send('SSH-2.0-OpenSSH_9.6\r\n')
  send('GET / HTTP/2.0\r\n')
  send('')
  send(`GET /\x1b[31m HTTP/1.1\r\n\r\n`)
  expect(printed()).toBe('GET example.org:8080/index.html?a=1\nPOST /\n')
})

describe('nat', () => {
  const spy = `for _, name in ipairs { 'set_source', 'set_destination' } do
      packet[name] = function(hdr, address, port) changed = name .. ' ' .. packet.format(address) .. ' ' .. port end
    end
    function ask(call, hdr) changed = 'nothing' return _ENV[call](hdr), changed end`
  const udp = (source: number, destination: number) => `${be16(source)} ${be16(destination)} 0008 0000`
  const echo = (type: string, id: number) => `${type} 00 0000 ${be16(id)} 0001`
  const from = (protocol: number, transport: string) =>
    headers(protocol, '10.0.0.2', '198.51.100.7', transport)
  const to = (protocol: number, transport: string) =>
    headers(protocol, '198.51.100.7', '192.0.2.1', transport)

  test('maps sources to ports of the outer address, and back', () => {
    const { state } = example('nat', spy)
    const out = (packet: Uint8Array) => state.callSync('ask', 'outward', packet)
    const back = (packet: Uint8Array) => state.callSync('ask', 'inward', packet)[1]
    expect(out(from(6, tcp(5000, 80)))).toEqual([null, 'set_source 192.0.2.1 40001'])
    expect(out(from(17, udp(5000, 53)))[1]).toBe('set_source 192.0.2.1 40002')
    expect(out(from(1, echo('08', 77)))[1]).toBe('set_source 192.0.2.1 40003')
    expect(out(from(6, tcp(5000, 443)))[1]).toBe('set_source 192.0.2.1 40001')
    expect(back(to(6, tcp(80, 40001, '12')))).toBe('set_destination 10.0.0.2 5000')
    expect(back(to(17, udp(53, 40002)))).toBe('set_destination 10.0.0.2 5000')
    expect(back(to(1, echo('00', 40003)))).toBe('set_destination 10.0.0.2 77')
    for (const packet of [
      to(17, udp(53, 40001)),
      to(6, tcp(80, 40004)),
      to(6, tcp(80, 22)),
      to(47, '00000000'),
    ])
      expect(back(packet)).toBe('nothing')
  })

  test('what has no port is dropped', () => {
    const { state } = example('nat', spy)
    const later = from(6, tcp(5000, 80)).map((byte, i) => (i === 7 ? 1 : byte))
    for (const packet of [later, from(47, '00000000')])
      expect(state.callSync('ask', 'outward', packet)).toEqual([false, 'nothing'])
  })

  test('ports are used again after 4096 others, and the memory stays bounded', () => {
    const { state } = example('nat', spy)
    const out = (port: number) => state.callSync('ask', 'outward', from(6, tcp(port, 80)))[1]
    for (let i = 1; i <= 4096; i++) out(i)
    expect(out(1)).toBe('set_source 192.0.2.1 40001')
    expect(out(4097)).toBe('set_source 192.0.2.1 40001')
    expect(out(1)).toBe('set_source 192.0.2.1 40002')
    for (let i = 1; i <= 20_000; i++) out(i)
    state.loadSync('collectgarbage() collectgarbage()')
    expect(state.memory.used).toBeLessThan(500_000)
  })

  test('has at most 19 lines of Lua', () => {
    const lines = readFileSync('examples/nat.lua', 'utf8').split('\n')
    expect(lines.filter((line) => !/^\s*(--.*)?$/.test(line)).length).toBeLessThanOrEqual(19)
  })
})

describe('firewall', () => {
  const { state, printed } = example('firewall')
  const number = (() => {
    const [text] = state.loadSync(`local n = {}
      for i, rule in ipairs(rules) do if rule.action == 'call' then n[#n + 1] = i end end
      return table.concat(n, ' ')`)
    return String(text).split(' ').map(Number)
  })()
  const call = (rule: number, flags: string, text = '') =>
    state.callSync('filter', headers(6, '10.0.0.2', '192.0.2.1', tcp(1, 2, flags)), Buffer.from(text), {
      rule,
    })[0]

  test('its functions judge clients of SSH, and what belongs to open connections', () => {
    const [ssh, , open] = number as [number, number, number]
    expect(number).toHaveLength(3)
    expect([call(ssh, '18', 'SSH-2.0-x'), call(ssh, '18', 'SSH-1.5-x'), call(ssh, '02')]).toEqual([
      true,
      false,
      true,
    ])
    expect(printed()).toBe('refused: 10.0.0.2 speaks SSH 1\n')
    expect([call(open, '02'), call(open, '12'), call(open, '10')]).toEqual([false, true, true])
  })
})
