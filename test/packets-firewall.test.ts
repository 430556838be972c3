/** examples/firewall.lua: rules that the kernel compares before any Lua runs, and the functions that they call. */
import { beforeAll, expect, test } from 'vitest'
import type { Device } from '../tools/network/network.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { type AttachedScript, PacketScripts } from './packets.fixture.ts'
import { acceptConnections, connections, say } from './servers.fixture.ts'

const [SSH, TELNET, HTTP, SERVICE] = [22, 23, 80, 8080]
/** Milliseconds: less than a second passes before a SYN is repeated. */
const ONE_SYN = { patience: 700 }

describeOnNetwork('a firewall on real traffic', [], () => {
  const network = makeNetwork()
  const scripts = new PacketScripts()
  const client = network.namespace('client')
  const server = network.namespace('server')
  let atServer: Device
  let atClient: Device
  let script: AttachedScript

  beforeAll(async () => {
    ;[atClient, atServer] = network.connect(client, server)
    await acceptConnections(server, SSH, TELNET, HTTP, SERVICE)
    await acceptConnections(client, SERVICE)
    script = scripts.load('wall', 'firewall.lua')
    script.attach(server, 'netfilter/local-in', '--rules')
  }, PATIENCE)

  test(
    'rules of the group for near networks, and of all others',
    async () => {
      const open = async (address: string, ...ports: number[]) => {
        const answers = []
        for (const port of ports) answers.push(await connections(client, address, port, ONE_SYN))
        return answers
      }
      expect(await open(atServer.ipv4, SSH, TELNET, HTTP, SERVICE)).toEqual([1, 0, 1, 1])
      expect(await open(atServer.ipv6, SSH, TELNET, HTTP, SERVICE)).toEqual([0, 0, 1, 0])
      // answers to connections of the host itself
      expect(await connections(server, atClient.ipv6, SERVICE)).toBe(1)
    },
    PATIENCE,
  )

  test(
    'the function of a rule sees its packets alone',
    async () => {
      const before = script.figures().calls
      await connections(client, atServer.ipv4, SERVICE)
      expect(script.figures().calls).toBe(before)
      await say(client, atServer.ipv4, SSH, 'SSH-1.5-old')
      expect(script.figures().calls).toBeGreaterThan(before)
      expect(script.figures().errors).toBe(0)
      expect(script.log()).toContain(`refused: ${atClient.ipv4} speaks SSH 1`)
    },
    PATIENCE,
  )
})
