/** What is compared with what, and on which network. */
import { Network } from '../../tools/network/network.ts'
import type { Contender, Place } from './contender.ts'
import { assembled, MoonringContender } from './program-contenders.ts'
import { iptablesString, nftMasquerade, nftPayload, nothing, queue } from './rule-contenders.ts'

export interface Contest {
  readonly name: string
  readonly contenders: () => readonly Contender[]
  /** Makes the network. Whoever calls it removes it. */
  readonly build: () => { readonly network: Network; readonly place: Place }
}

/** A client and a server, which filters what arrives. */
function pair(): { network: Network; place: Place } {
  const network = new Network()
  const [client, server] = [network.namespace('client'), network.namespace('server')]
  const [outgoing, inside] = network.connect(client, server)
  const place = { client, outgoing, address: inside.ipv4, middle: server, inside, outside: inside, server }
  return { network, place }
}

/** The outer address in examples/nat.lua, and one of the server. */
const OUTER = '192.0.2.1'
const SERVER = '192.0.2.2'

/** A client, a router and a server. */
function routed(): { network: Network; place: Place } {
  const network = new Network()
  const [client, middle, server] = ['client', 'router', 'server'].map((name) => network.namespace(name)) as [
    Place['client'],
    Place['middle'],
    Place['server'],
  ]
  const [outgoing, inside] = network.connect(client, middle)
  const [outside, atServer] = network.connect(middle, server)
  middle.ip('addr', 'add', `${OUTER}/24`, 'dev', outside.name)
  server.ip('addr', 'add', `${SERVER}/24`, 'dev', atServer.name)
  middle.forward()
  client.routeVia(inside)
  server.routeVia(outside)
  return { network, place: { client, outgoing, address: SERVER, middle, inside, outside, server } }
}

const SSH_FILTER = 'examples/ssh-filter.lua'
const LOCAL_IN = ['netfilter/local-in'] as const

export const CONTESTS: readonly Contest[] = [
  {
    name: 'filter',
    contenders: () => [
      nothing,
      new MoonringContender('Moonring, ssh-filter.lua', SSH_FILTER, () => [LOCAL_IN]),
      new MoonringContender('Moonring, ssh-filter.lua for port 22', SSH_FILTER, () => [
        [...LOCAL_IN, '--proto', 'tcp', '--port', '22'],
      ]),
      new MoonringContender('Moonring, return true', 'bench/net/accept.lua', () => [LOCAL_IN]),
      assembled,
      nftPayload,
      iptablesString,
      queue,
    ],
    build: pair,
  },
  {
    name: 'translation',
    contenders: () => [
      { ...nothing, name: 'routed only' },
      new MoonringContender('Moonring, nat.lua', 'examples/nat.lua', ({ outgoing, outside }) => {
        const on = ['--dev', outside.name, '--default', 'drop']
        return [
          ['tc/egress', ...on, '--call', 'outward', '--saddr', outgoing.ipv4],
          ['tc/ingress', ...on, '--call', 'inward', '--daddr', OUTER],
        ]
      }),
      nftMasquerade,
    ],
    build: routed,
  },
]
