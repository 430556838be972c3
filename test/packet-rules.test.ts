/** packet.rules: its records, evaluated by the VM, decide what npf.conf(5) says of the rules. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rulesOf } from '../src/named/rules-table.ts'
import { ethernet, ipv4, tcp, udp } from '../tools/packets/sample-packets.ts'
import { judge } from './packet-hook.fixture.ts'
import { packetState } from './packet-script.fixture.ts'

interface Packet {
  readonly proto: string
  readonly dport: number
  readonly saddr: string
}
type Options = Partial<Record<keyof Packet, string | number | readonly (string | number)[]>>
interface Rule {
  readonly kind: 'pass' | 'block'
  readonly options: Options
  readonly final: boolean
}
interface Group {
  readonly kind: 'group'
  readonly options: Options
  readonly rules: readonly (Rule | Group)[]
}

const matches = (options: Options, packet: Packet): boolean =>
  Object.entries(options).every(([name, asked]) =>
    [asked]
      .flat()
      .map(String)
      .includes(String(packet[name as keyof Packet])),
  )

/**
 * The rule that decides, as npf(7) finds it: the last one that matches, or the first final one; a group ends the search
 * if there is any by then.
 */
function decide(list: readonly (Rule | Group)[], packet: Packet): { last?: Rule; final: boolean } {
  let last: Rule | undefined
  for (const each of list) {
    if (each.kind === 'group') {
      if (last) return { last, final: true }
      if (!matches(each.options, packet)) continue
      const inner = decide(each.rules, packet)
      if (inner.final) return inner
      if (inner.last) return { last: inner.last, final: true }
      continue
    }
    if (!matches(each.options, packet)) continue
    last = each
    if (each.final) return { last, final: true }
  }
  return last ? { last, final: false } : { final: false }
}

const value = (v: unknown): string =>
  Array.isArray(v) ? `{${v.map(value).join(', ')}}` : typeof v === 'string' ? `'${v}'` : String(v)
const optionsText = (options: Options) =>
  Object.entries(options).map(([name, asked]) => `${name} = ${value(asked)}`)

function luaOf(each: Rule | Group): string {
  const inside = each.kind === 'group' ? each.rules.map(luaOf) : each.final ? ['final = true'] : []
  return `packet.${each.kind} {${[...optionsText(each.options), ...inside].join(', ')}}`
}

const RECORDS = `function records(...)
  local lines = {}
  for _, record in ipairs(packet.rules(...)) do
    local pairs_ = {}
    for name, value in pairs(record) do pairs_[#pairs_ + 1] = name .. '=' .. tostring(value) end
    table.sort(pairs_)
    lines[#lines + 1] = table.concat(pairs_, ' ')
  end
  return table.concat(lines, '\\n')
end`

/** The records of a list, in Lua's own form. */
function recordsOf(list: string): Record<string, string>[] {
  const state = packetState(`${RECORDS}\nresult = records {${list}}`)
  const text = String(state.getGlobal('result'))
  state.close()
  return text
    .split('\n')
    .map((line) => Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string])))
}

const frameOf = ({ proto, dport, saddr }: Packet): Uint8Array =>
  ethernet(
    proto === 'tcp'
      ? ipv4(tcp(1000, dport), { source: saddr })
      : ipv4(udp(1000, dport), { protocol: 17, source: saddr }),
  )

describe('records', () => {
  test('all options, as typed', () => {
    const options = `proto = 6, sport = '1-2', dport = 3, port = 4, saddr = '::/0', daddr = '10.0.0.1', ethertype = 'arp',
      mark = 5, ['in'] = 'a', out = 'b'`
    expect(recordsOf(`packet.pass {${options}}, default = 'block'`)).toEqual([
      {
        action: 'pass',
        final: 'true',
        proto: '6',
        sport: '1-2',
        dport: '3',
        port: '4',
        saddr: '::/0',
        daddr: '10.0.0.1',
        ethertype: 'arp',
        mark: '5',
        in: 'a',
        out: 'b',
      },
      { action: 'block', final: 'true' },
    ])
  })

  const tuple = fc.record({
    proto: fc.constantFrom('tcp', 'udp'),
    dport: fc.integer({ min: 1, max: 3 }),
    saddr: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  })
  const oneOrMore = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(arbitrary, fc.array(arbitrary, { minLength: 1, maxLength: 2 }))
  const ruleOptions = fc.record(
    { proto: oneOrMore(fc.constantFrom('tcp', 'udp')), dport: oneOrMore(fc.integer({ min: 1, max: 3 })) },
    { requiredKeys: [] },
  )
  const rule: fc.Arbitrary<Rule> = fc.record({
    kind: fc.constantFrom('pass', 'block'),
    options: ruleOptions,
    final: fc.boolean(),
  })
  const group: fc.Arbitrary<Group> = fc.record({
    kind: fc.constant('group'),
    options: fc.record({ saddr: fc.constantFrom('10.0.0.1', '10.0.0.2') }, { requiredKeys: [] }),
    rules: fc.array(rule, { maxLength: 4 }),
  })

  test('decide as npf does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(rule, group), { maxLength: 5 }),
        fc.constantFrom('pass', 'block'),
        fc.array(tuple, { minLength: 6, maxLength: 6 }),
        (list, byDefault, packets) => {
          const text = [...list.map(luaOf), `default = '${byDefault}'`].join(', ')
          const state = packetState(`rules = packet.rules {${text}}`)
          const decided = judge('netfilter/local-in', '', {
            rules: rulesOf(state.getGlobal('rules'), () => 1),
          })
          state.close()
          for (const packet of packets) {
            const kind = decide(list, packet).last?.kind ?? byDefault
            expect(decided(frameOf(packet))).toBe(kind === 'pass' ? 'accept' : 'drop')
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('apply is called for its rule, and decides unless it returns nothing', () => {
  const state = packetState(`
    local answer
    function setAnswer(value) answer = value end
    local function ask(hdr, pld, pkt, eth) calls = (calls or '') .. hdr .. pld .. pkt.rule .. eth return answer end
    local rules = packet.rules {
      packet.block { dport = { 1, 2 }, apply = ask }, packet.pass { proto = 'udp', apply = ask }, default = 'pass',
    }
    function apply(n) return rules.apply('h', 'p', { rule = n }, 'e') end`)
  expect([1, 2, 3].map((n) => state.callSync('apply', n)[0])).toEqual([true, false, false])
  state.callSync('setAnswer', true)
  expect([1, 2, 3].map((n) => state.callSync('apply', n)[0])).toEqual([true, true, true])
  state.callSync('setAnswer', false)
  expect([1, 2, 3].map((n) => state.callSync('apply', n)[0])).toEqual([false, false, false])
  expect(state.getGlobal('calls')).toBe('hp1ehp2ehp3e'.repeat(3))
  expect(() => state.callSync('apply', 4)).toThrow('attempt to call a nil value')
})

test.each([
  ['', "the default is neither 'pass' nor 'block'"],
  ["default = 'drop'", "the default is neither 'pass' nor 'block'"],
  ["packet.pass { dprot = 1 }, default = 'pass'", "there is no option 'dprot'"],
  [
    "packet.pass { proto = 1, packet.pass {} }, 7, default = 'pass'",
    'a pass, a block or a group expected, got a number',
  ],
  [
    "packet.group { proto = 6, packet.pass { proto = 17 } }, default = 'pass'",
    "the group says 'proto' already",
  ],
  [
    `packet.pass { dport = table.pack(('x'):rep(64):byte(1, -1)) }, default = 'pass'`,
    'there are more than 64 records',
  ],
])('refused: %s', (list, message) => expect(() => recordsOf(list)).toThrow(`packet.rules: ${message}`))
