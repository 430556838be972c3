/** examples/ssh-filter.lua between real clients and servers of OpenSSH: the filter is on a router in between. */
import { beforeAll, expect, test } from 'vitest'
import type { Device } from '../tools/network/network.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { type AttachedScript, PacketScripts } from './packets.fixture.ts'
import { SshFixture } from './ssh.fixture.ts'

/** Seconds for a session that is not to come about. */
const BRIEFLY = 2

describeOnNetwork('the SSH filter on real traffic', ['ssh', 'sshd'], () => {
  const network = makeNetwork()
  const scripts = new PacketScripts()
  const ssh = new SshFixture()
  const client = network.namespace('client')
  const router = network.namespace('router')
  const current = network.namespace('current')
  const old = network.namespace('old')
  let atCurrent: Device
  let atOld: Device
  /** The router's devices to the servers. */
  let outside: readonly Device[]
  let filter: AttachedScript

  beforeAll(async () => {
    const [, inside] = network.connect(client, router)
    const [outsideCurrent, deviceCurrent] = network.connect(router, current)
    const [outsideOld, deviceOld] = network.connect(router, old)
    ;[atCurrent, atOld, outside] = [deviceCurrent, deviceOld, [outsideCurrent, outsideOld]]
    router.forward()
    client.routeVia(inside)
    current.routeVia(outsideCurrent)
    old.routeVia(outsideOld)
    await Promise.all([ssh.serve(current), ssh.serve(old, 'OpenSSH_6.4')])
    filter = scripts.load('ssh', 'ssh-filter.lua')
  }, PATIENCE)

  test(
    'sessions with a current server work, with an old one they don’t',
    async () => {
      expect([ssh.reaches(client, atCurrent.ipv4), ssh.reaches(client, atOld.ipv4)]).toEqual([true, true])
      filter.attach(router, 'netfilter/forward', '--proto', 'tcp')
      expect(ssh.reaches(client, atCurrent.ipv4)).toBe(true)
      expect(ssh.reaches(client, atCurrent.ipv6)).toBe(true)
      expect(ssh.reaches(client, atOld.ipv4, BRIEFLY)).toBe(false)
      expect(ssh.reaches(client, atOld.ipv6, BRIEFLY)).toBe(false)
      const [sent, received] = await ssh.echo(client, atCurrent.ipv4, 100)
      expect(received).toBe(sent)
      expect(filter.expectServed()).toBeGreaterThan(100)
    },
    PATIENCE,
  )

  test(
    'the version is changed in the live state, and counts from the next connection on',
    () => {
      filter.evaluate("refused = 'OpenSSH_5.3'")
      expect(ssh.reaches(client, atOld.ipv4)).toBe(true)
      filter.evaluate("refused = 'OpenSSH_6.4'")
      expect(ssh.reaches(client, atOld.ipv4, BRIEFLY)).toBe(false)
    },
    PATIENCE,
  )

  test(
    'once it is detached the old server works again',
    () => {
      filter.detach()
      expect(ssh.reaches(client, atOld.ipv4)).toBe(true)
    },
    PATIENCE,
  )

  test.each(['tc/ingress', 'xdp'])(
    'the same at %s of the devices to the servers',
    async (hook) => {
      for (const { name } of outside)
        filter.attach(router, hook, '--dev', name, '--proto', 'tcp', '--port', '22')
      expect(ssh.reaches(client, atOld.ipv4, BRIEFLY)).toBe(false)
      const [sent, received] = await ssh.echo(client, atCurrent.ipv6, 10)
      expect(received).toBe(sent)
      filter.detach()
      expect(ssh.reaches(client, atOld.ipv4)).toBe(true)
    },
    PATIENCE,
  )
})
