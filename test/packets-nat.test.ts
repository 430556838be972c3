/** examples/nat.lua on a router: behind it there is a network that the server has no route to. */
import { beforeAll, describe, expect, test } from 'vitest'
import { iperf, startIperf } from '../tools/network/iperf.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { type AttachedScript, PacketScripts } from './packets.fixture.ts'
import { acceptConnections, connections } from './servers.fixture.ts'

/** The outer address in the script, and a server's. */
const OUTER = '192.0.2.1'
const SERVER = '192.0.2.2'
const MEBIBYTE = 1 << 20
const PORT = 8080

describeOnNetwork('source translation on real traffic', ['iperf3', 'ethtool'], () => {
  describe.each([true, false])('offloads of the devices: %s', (offloads) => {
    const network = makeNetwork()
    const scripts = new PacketScripts()
    const client = network.namespace('client')
    const router = network.namespace('router')
    const server = network.namespace('server')
    let script: AttachedScript

    beforeAll(async () => {
      const [, inside] = network.connect(client, router, { offloads })
      const [outside, atServer] = network.connect(router, server, { offloads })
      router.ip('addr', 'add', `${OUTER}/24`, 'dev', outside.name)
      server.ip('addr', 'add', `${SERVER}/24`, 'dev', atServer.name)
      router.forward()
      client.routeVia(inside)
      await startIperf(server)
      await acceptConnections(server, PORT)
      script = scripts.load('nat', 'nat.lua')
      const on = ['--dev', outside.name, '--default', 'drop']
      script.attach(router, 'tc/egress', ...on, '--call', 'outward', '--saddr', '10.77.1.0/24')
      script.attach(router, 'tc/ingress', ...on, '--call', 'inward', '--daddr', OUTER)
    }, PATIENCE)

    test(
      'TCP, in both directions',
      async () => {
        for (const reverse of [false, true]) {
          const { bytes } = await iperf(client, SERVER, { time: 0, bytes: 40 * MEBIBYTE, reverse })
          // what is still on its way at the end isn't counted
          expect(bytes).toBeGreaterThan(10 * MEBIBYTE)
        }
      },
      PATIENCE,
    )

    test(
      'UDP',
      async () => {
        const udp = { length: 1000, rate: '20M' }
        const { bytes, lost } = await iperf(client, SERVER, { time: 0, bytes: MEBIBYTE, udp })
        expect(bytes).toBeGreaterThan(MEBIBYTE / 2)
        expect(lost).toBeLessThan(0.5)
      },
      PATIENCE,
    )

    test(
      'many connections at once',
      async () => {
        expect(await connections(client, SERVER, PORT, { count: 100 })).toBe(100)
        expect(script.expectServed()).toBeGreaterThan(100)
      },
      PATIENCE,
    )

    test(
      'without it the server can’t answer',
      async () => {
        script.detach()
        expect(await connections(client, SERVER, PORT, { patience: 700 })).toBe(0)
      },
      PATIENCE,
    )
  })
})
