/** The networks that other tests rely on: packets arrive, servers answer, and nothing is left afterwards. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { inNetworkNamespace } from '../src/kernel/network.ts'
import { linux } from '../src/subsystems/linux.ts'
import { iperf, startIperf } from '../tools/network/iperf.ts'
import { type Device, Network } from '../tools/network/network.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'
import { SshFixture } from './ssh.fixture.ts'

const namespaces = () => spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout

/** What a process runs; nothing once it has ended, whether its parent knows already or not. */
function commandOf(pid: number): string {
  const path = `/proc/${pid}/cmdline`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

describeOnNetwork('networks', ['ssh', 'sshd', 'iperf3'], () => {
  const network = makeNetwork()
  const client = network.namespace('client')
  const server = network.namespace('server')
  const ssh = new SshFixture()
  let atServer: Device

  beforeAll(() => {
    ;[, atServer] = network.connect(client, server)
  })

  test(
    'sessions of OpenSSH carry bytes to and fro, over both families',
    async () => {
      const old = await ssh.serve(server, 'OpenSSH_6.4')
      const banner = '(exec 3<>/dev/tcp/$0/22; read -r line <&3; echo "$line")'
      expect(client.done('bash', '-c', banner, atServer.ipv4)).toMatch(/^SSH-2.0-OpenSSH_6.4 /)
      expect(ssh.reaches(client, atServer.ipv4)).toBe(true)
      await old.stop()
      await ssh.serve(server)
      expect(client.done('bash', '-c', banner, atServer.ipv4)).toMatch(/^SSH-2.0-OpenSSH_(?!6.4)/)
      expect(ssh.reaches(client, atServer.ipv6)).toBe(true)
      const [sent, received] = await ssh.echo(client, atServer.ipv6, 10)
      expect(received).toBe(sent)
    },
    PATIENCE,
  )

  test(
    'iperf3 reports what arrived',
    async () => {
      await startIperf(server)
      const tcp = await iperf(client, atServer.ipv4, { time: 0, bytes: 5_000_000 })
      expect(tcp.bytes).toBeGreaterThan(1_000_000)
      const udp = await iperf(client, atServer.ipv6, {
        time: 0,
        bytes: 100_000,
        udp: { length: 100, rate: '10M' },
      })
      expect(udp.packetsPerSecond).toBeGreaterThan(0)
    },
    PATIENCE,
  )

  test('a script finds the devices of the namespace that it runs in', () => {
    const [{ ifindex }] = JSON.parse(server.done('ip', '-json', 'link', 'show', 'dev', atServer.name))
    const find = (name: string) => linux.functions.ifindex?.user?.(name)
    expect(inNetworkNamespace(server.name, () => find(atServer.name))).toBe(ifindex)
    expect(find(atServer.name)).toBe(null)
    expect(['', '.', 'a/b', 'no such device', 'x'.repeat(16)].map(find)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })

  test('are removed with the processes in them', async () => {
    const network = new Network()
    const alone = network.namespace('alone')
    expect(namespaces()).not.toContain(alone.name)
    const { child, ended } = alone.start('sh', '-c', 'sleep 1000 & echo $!; wait')
    const pid = await new Promise((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))))
    expect(namespaces()).toContain(alone.name)
    expect(commandOf(pid as number)).toContain('sleep')
    await network.remove()
    expect((await ended).exit).toBe(null)
    expect(commandOf(pid as number)).toBe('')
    expect(namespaces()).not.toContain(alone.name)
  })
})
