/** Examples that count what sources do: who opens too many connections, and who knocks. */
import { beforeAll, expect, test } from 'vitest'
import type { Device } from '../tools/network/network.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { PacketScripts } from './packets.fixture.ts'
import { acceptConnections, connections } from './servers.fixture.ts'

const OTHER = '10.77.1.77'
const SSH = 22
const SERVICE = 8080
const RULES = 'table inet firewall {\nchain input {\ntype filter hook input priority 0\ncounter\n}\n}\n'
/** Milliseconds: less than a second passes before a SYN is repeated. */
const ONE_SYN = { patience: 700 }

describeOnNetwork('guards on real traffic', ['nft'], () => {
  const network = makeNetwork()
  const scripts = new PacketScripts()
  const client = network.namespace('client')
  const server = network.namespace('server')
  let atServer: Device

  beforeAll(async () => {
    const [atClient, device] = network.connect(client, server)
    atServer = device
    client.ip('addr', 'add', `${OTHER}/24`, 'dev', atClient.name)
    // rules that others have put there don't keep scripts away
    server.run(['nft', '-f', '-'], RULES)
    await acceptConnections(server, SSH, SERVICE)
  }, PATIENCE)

  test(
    'a source opens only so many connections at once, another one is not held up',
    async () => {
      const many = { count: 200, ...ONE_SYN }
      const script = scripts.load('syn', 'syn-guard.lua')
      script.attach(server, 'netfilter/local-in', '--proto', 'tcp')
      const open = await connections(client, atServer.ipv4, SERVICE, many)
      expect(open).toBeGreaterThanOrEqual(20)
      expect(open).toBeLessThan(100)
      expect(await connections(client, atServer.ipv4, SERVICE, { localAddress: OTHER })).toBe(1)
      script.detach()
      expect(await connections(client, atServer.ipv4, SERVICE, { count: 200 })).toBe(200)
      script.destroy()
    },
    PATIENCE,
  )

  test(
    'a door opens for who knows the knocks',
    async () => {
      const script = scripts.load('door', 'knock.lua')
      const enter = (options = {}) => connections(client, atServer.ipv4, SSH, options)
      const knock = (port: number) => connections(client, atServer.ipv4, port, { patience: 300 })
      script.attach(server, 'netfilter/local-in', '--proto', 'tcp')
      expect(await enter(ONE_SYN)).toBe(0)
      for (const port of [7000, 9000, 8000]) await knock(port)
      expect(await enter(ONE_SYN)).toBe(0)
      for (const port of [7000, 8000, 9000]) await knock(port)
      expect(await enter()).toBe(1)
      expect(await enter({ ...ONE_SYN, localAddress: OTHER })).toBe(0)
      script.detach()
      expect(await enter({ localAddress: OTHER })).toBe(1)
      script.destroy()
    },
    PATIENCE,
  )
})
