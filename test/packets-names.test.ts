/** Examples that look for names in packets, with real clients and servers of HTTP, TLS and DNS. */
import { beforeAll, expect, test } from 'vitest'
import type { Device } from '../tools/network/network.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { PacketScripts } from './packets.fixture.ts'
import { DNS_ANSWER, httpGet, resolveNames, serveNames, tlsGreetings } from './servers.fixture.ts'

describeOnNetwork('names in real traffic', [], () => {
  const network = makeNetwork()
  const scripts = new PacketScripts()
  const client = network.namespace('client')
  const server = network.namespace('server')
  let atServer: Device

  beforeAll(async () => {
    ;[, atServer] = network.connect(client, server)
    await serveNames(server)
  }, PATIENCE)

  test(
    'TLS connections to servers of blocked names come to nothing',
    async () => {
      const names = ['example.com', 'www.Example.com', 'example.net', 'notexample.com']
      const greetings = (address: string) => tlsGreetings(client, address, names)
      expect(await greetings(atServer.ipv4)).toEqual(names)
      const script = scripts.load('sni', 'sni-block.lua')
      script.attach(server, 'netfilter/local-in', '--proto', 'tcp', '--dport', '443')
      const allowed = [undefined, undefined, 'example.net', 'notexample.com']
      expect(await greetings(atServer.ipv4)).toEqual(allowed)
      expect(await greetings(atServer.ipv6)).toEqual(allowed)
      expect(script.log()).toContain('refused: example.com')
      script.evaluate("blocked['example.net'] = true")
      expect((await greetings(atServer.ipv4))[2]).toBeUndefined()
      script.destroy()
      expect(await greetings(atServer.ipv4)).toEqual(names)
    },
    PATIENCE,
  )

  test(
    'questions for blocked names are answered on the way',
    async () => {
      const names = ['example.com', 'a.b.ADS.example.net', 'example.net']
      const resolve = () => resolveNames(client, atServer.ipv4, names)
      expect(await resolve()).toEqual([DNS_ANSWER, DNS_ANSWER, DNS_ANSWER])
      const script = scripts.load('dns', 'dns-block.lua')
      script.attach(server, 'tc/ingress', '--dev', atServer.name, '--proto', 'udp', '--dport', '53')
      expect(await resolve()).toEqual(['ENOTFOUND', 'ENOTFOUND', DNS_ANSWER])
      expect(script.figures().errors).toBe(0)
      script.destroy()
      expect(await resolve()).toEqual([DNS_ANSWER, DNS_ANSWER, DNS_ANSWER])
    },
    PATIENCE,
  )

  test(
    'requests are logged and answered',
    async () => {
      const script = scripts.load('http', 'http-log.lua')
      script.attach(server, 'netfilter/local-in', '--proto', 'tcp', '--dport', '80')
      expect(await httpGet(client, atServer.ipv4, 'www.example.org', '/a?b=1')).toBe('/a?b=1')
      expect(await httpGet(client, atServer.ipv6, 'example.net', '/c')).toBe('/c')
      expect(script.log()).toContain('GET www.example.org/a?b=1')
      expect(script.log()).toContain('GET example.net/c')
      script.detach()
      await httpGet(client, atServer.ipv4, 'example.net', '/unseen')
      expect(script.log()).not.toContain('/unseen')
      script.destroy()
    },
    PATIENCE,
  )
})
