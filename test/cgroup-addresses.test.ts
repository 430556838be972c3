/**
 * Hooks of control groups that see addresses: what a process can do to reach one, in a group and a network namespace of its
 * own, and which hook sees that. All of them give scripts addresses and ports as packet.address and people write them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { KernelState } from '../src/named/kernel-state.ts'
import { root } from './command.fixture.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'

const GUARD = readFileSync(join(root, 'examples/connect-guard.lua'), 'utf8')

const FORBIDDEN = { 4: '10.79.0.1', mapped: '::ffff:10.79.0.1', 6: 'fd79::1' } as const
const ALLOWED = { 4: '10.79.0.2', mapped: '::ffff:10.79.0.2', 6: 'fd79::2' } as const

const HOOKS = ['connect', 'sendmsg', 'bind', 'getpeername'].flatMap((call) => [`${call}4`, `${call}6`])

/** The natural way: a table of addresses, in a function for all hooks, which notes what each has seen. */
const SCRIPT = `
  local packet = require 'packet'
  local forbidden = { [packet.address '${FORBIDDEN[4]}'] = true, [packet.address '${FORBIDDEN[6]}'] = true }
  seen = {}
  for _, hook in ipairs { ${HOOKS.map((hook) => `'${hook}'`).join(', ')} } do
    _G[hook] = function(address, port, protocol)
      seen[#seen + 1] = ('%s %s %d %d'):format(hook, packet.format(address), port, protocol)
      if not hook:find 'getpeername' then return not forbidden[address] end
    end
  end`

/** Tries to reach addresses in a way: 'EPERM' or, whatever becomes of it then, 'through', a line each. */
const PYTHON = `
import ctypes, errno, socket as s, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
MSG_FASTOPEN, TCP_FASTOPEN_CONNECT = 0x20000000, 30

def tcp(family): return s.socket(family, s.SOCK_STREAM)
def udp(family): return s.socket(family, s.SOCK_DGRAM)

def connect_later(family, to):
    sock = tcp(family)
    sock.setblocking(False)
    sock.connect(to)

def fast_open(family, to): tcp(family).sendto(b'x', MSG_FASTOPEN, to)

def fast_open_later(family, to):
    sock = tcp(family)
    sock.setsockopt(s.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    sock.connect(to)
    sock.send(b'x')

def connect_udp(family, to): udp(family).connect(to)

def send_to(family, to): udp(family).sendto(b'x', to)

def send_message(family, to): udp(family).sendmsg([b'x'], [], 0, to)

def send_beside_peer(family, to):
    sock = udp(family)
    sock.connect(('127.0.0.1' if family == s.AF_INET else '::1', 9))
    sock.sendto(b'x', to)

def again(family, to):
    """Connects anew after AF_UNSPEC has taken the first peer away."""
    sock = udp(family)
    sock.connect(('127.0.0.1' if family == s.AF_INET else '::1', 9))
    if libc.connect(sock.fileno(), struct.pack('=H14x', s.AF_UNSPEC), 16) != 0:
        raise OSError(ctypes.get_errno(), 'AF_UNSPEC')
    sock.connect(to)

def unspecified(family, to):
    """An IPv4 address whose family says AF_UNSPEC, which udp_sendmsg takes."""
    address = struct.pack('=H', s.AF_UNSPEC) + struct.pack('!H', to[1]) + s.inet_aton(to[0]) + bytes(8)
    sock = udp(family)
    if libc.sendto(sock.fileno(), b'x', 1, 0, address, 16) < 0:
        raise OSError(ctypes.get_errno(), 'sendto')

def other_family(family, to):
    """An IPv4 address given to a socket of IPv6."""
    address = struct.pack('=H', s.AF_INET) + struct.pack('!H', to[1]) + s.inet_aton(to[0]) + bytes(8)
    sock = udp(s.AF_INET6)
    sock.setsockopt(s.IPPROTO_IPV6, s.IPV6_V6ONLY, 0)
    if libc.sendto(sock.fileno(), b'x', 1, 0, address, 16) < 0:
        raise OSError(ctypes.get_errno(), 'sendto')

def bind(family, to): udp(family).bind(to)
def bind_tcp(family, to): tcp(family).bind(to)

def ask_peer(family, to):
    sock = udp(family)
    sock.connect(to)
    sock.getpeername()

def raw(family, to):
    sock = s.socket(family, s.SOCK_RAW, 253)
    sock.sendto(b'x', (to[0], 0))

def multipath(family, to): s.socket(family, s.SOCK_STREAM, 262).connect(to)

WAYS = {
    'tcp': lambda family, to: tcp(family).connect(to), 'tcp, not blocking': connect_later,
    'fast open': fast_open, 'fast open by connect': fast_open_later,
    'udp': connect_udp, 'sendto': send_to, 'sendmsg': send_message, 'sendto beside a peer': send_beside_peer,
    'udp after AF_UNSPEC': again, 'sendto with AF_UNSPEC': unspecified, 'sendto from IPv6': other_family,
    'bind': bind, 'bind tcp': bind_tcp, 'getpeername': ask_peer, 'raw': raw, 'multipath tcp': multipath,
}
for address in sys.argv[2:]:
    try:
        WAYS[sys.argv[1]](s.AF_INET6 if ':' in address else s.AF_INET, (address, 7777))
        print('through')
    except OSError as error:
        name = errno.errorcode[error.errno]
        print('through' if name in ('ECONNREFUSED', 'EINPROGRESS') else name)
`

type Kind = keyof typeof FORBIDDEN

/** What sees a way to an address of a kind. */
interface Way {
  readonly way: string
  readonly kinds: readonly Kind[]
  readonly call: 'connect' | 'sendmsg' | 'bind'
  readonly protocol: 6 | 17
  /** The hook, where it isn't that of the socket's family. */
  readonly mapped?: string
}

const ALL = ['4', 'mapped', '6'] as unknown as readonly Kind[]
const WAYS: readonly Way[] = [
  ...['tcp', 'tcp, not blocking', 'fast open', 'fast open by connect', 'multipath tcp'].map(
    (way) => ({ way, kinds: ALL, call: 'connect', protocol: 6 }) as const,
  ),
  ...['udp', 'udp after AF_UNSPEC', 'getpeername'].map(
    (way) => ({ way, kinds: ALL, call: 'connect', protocol: 17 }) as const,
  ),
  // the kernel makes a message to a mapped address one of IPv4 first
  ...['sendto', 'sendmsg', 'sendto beside a peer'].map(
    (way) => ({ way, kinds: ALL, call: 'sendmsg', protocol: 17, mapped: 'sendmsg4' }) as const,
  ),
  { way: 'sendto with AF_UNSPEC', kinds: ['4'] as unknown as Kind[], call: 'sendmsg', protocol: 17 },
  { way: 'sendto from IPv6', kinds: ['4'] as unknown as Kind[], call: 'sendmsg', protocol: 17 },
  { way: 'bind', kinds: ALL, call: 'bind', protocol: 17 },
  { way: 'bind tcp', kinds: ALL, call: 'bind', protocol: 6 },
]

describeOnNetwork('hooks of control groups that see addresses', ['python3'], () => {
  const fixture = new NamedStatesFixture()
  const host = makeNetwork().namespace('host')
  let state: KernelState

  beforeAll(async () => {
    host.make()
    for (const { 4: four, 6: six } of [FORBIDDEN, ALLOWED]) {
      host.ip('addr', 'add', `${four}/32`, 'dev', 'lo')
      host.ip('-6', 'addr', 'add', `${six}/128`, 'dev', 'lo', 'nodad')
    }
    state = await fixture.states.create('guard', { libraries: ['package', 'string', 'table', 'data'] })
    await state.load({ name: 'guard.lua', text: SCRIPT }, () => {})
    for (const hook of HOOKS) await state.attach(`cgroup/${hook}`, { target: fixture.cgroup, function: hook })
  }, PATIENCE)

  /** Tries a way to each of some addresses, as a process of the group: what came of it, and what the hooks have seen. */
  async function attempt(way: string, ...addresses: string[]) {
    await state.evaluate({ name: 'clear', text: 'seen = {}' }, () => {})
    const enter = `echo $$ > ${fixture.cgroup}/cgroup.procs; exec python3 -c "$0" "$@"`
    const { out, err } = host.run(['sh', '-c', enter, PYTHON, way, ...addresses])
    expect(err).toBe('')
    const [seen] = (await state.states[0]?.load("return table.concat(seen, '\\n')")) ?? []
    return { results: out.trim().split('\n'), seen: String(seen).split('\n') }
  }

  describe.each(WAYS)('$way', ({ way, kinds, call, protocol, mapped }) => {
    test.each(kinds)('to an address of the kind %s', async (kind) => {
      const hook = kind === 'mapped' && mapped ? mapped : `${call}${String(kind) === '4' ? 4 : 6}`
      const shown = (address: string) => `${hook} ${address.replace('::ffff:', '')} 7777 ${protocol}`
      const [denied, allowed] = [FORBIDDEN[kind], ALLOWED[kind]]
      expect(await attempt(way, denied, allowed)).toEqual({
        results: ['EPERM', 'through'],
        seen: expect.arrayContaining([shown(denied), shown(allowed)]),
      })
    })
  })

  test('getpeername sees the peer, and refuses nothing', async () => {
    const four = await attempt('getpeername', ALLOWED[4])
    expect(four.results).toEqual(['through'])
    expect(four.seen.at(-1)).toBe('getpeername4 10.79.0.2 7777 17')
    expect((await attempt('getpeername', ALLOWED[6])).seen.at(-1)).toBe('getpeername6 fd79::2 7777 17')
    expect((await attempt('getpeername', ALLOWED.mapped)).seen.at(-1)).toBe('getpeername6 10.79.0.2 7777 17')
  })

  test.each(['4', '6'] as unknown as Kind[])('raw sockets go past them: kind %s', async (kind) => {
    expect(await attempt('raw', FORBIDDEN[kind])).toEqual({ results: ['through'], seen: [''] })
  })

  test(
    'the example guards all of that with one function',
    async () => {
      expect(await state.describe()).toMatchObject({ errors: 0, fallbacks: 0 })
      await state.destroy()
      state = await fixture.states.create('guard', { libraries: ['package', 'string', 'table', 'data'] })
      await state.load({ name: 'connect-guard.lua', text: `seen = {} ${GUARD}` }, () => {})
      for (const hook of ['connect4', 'connect6', 'sendmsg4', 'sendmsg6'])
        await state.attach(`cgroup/${hook}`, { target: fixture.cgroup, function: 'reach', default: 'deny' })
      for (const { way, kinds } of WAYS.filter(({ call }) => call !== 'bind'))
        for (const kind of kinds)
          expect([way, kind, (await attempt(way, FORBIDDEN[kind], ALLOWED[kind])).results]).toEqual([
            way,
            kind,
            ['EPERM', 'through'],
          ])
    },
    PATIENCE,
  )

  test('nothing has failed', async () => {
    const { errors, fallbacks, hooks } = await state.describe()
    expect([errors, fallbacks, hooks.length]).toEqual([0, 0, 4])
  })
})
