import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { type BootOptions, type BootResult, bootKernel } from './boot-kernel.ts'
import { guestKernel } from './guest-kernel.fixture.ts'
import { complaintsIn } from './kernel-messages.ts'

const { kernel, missing } = guestKernel('6.12')

describeUnless(missing)('a guest', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'guest-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function boot(
    options: Partial<BootOptions> & { command: string },
  ): Promise<BootResult & { release: string }> {
    const { release } = kernel!
    return { release, ...(await bootKernel({ ...kernel!, timeoutSeconds: 120, ...options })) }
  }

  test('runs a command with the files of the host, which stay as they are', async () => {
    const [over, cover] = ['over', 'cover'].map((name) => join(folder, name)) as [string, string]
    for (const path of [over, cover]) mkdirSync(path)
    writeFileSync(join(over, 'a'), 'below\n')
    writeFileSync(join(over, 'b'), 'hidden\n')
    writeFileSync(join(cover, 'b'), 'above\n')
    let followed = ''
    const result = await boot({
      directory: over,
      cover,
      command: `uname -r; pwd; cat a b; echo new >c; cat c; echo "$NAME"; id -u
        mount -t bpf | grep -o /sys/fs/bpf; ls /sys/class/net; modprobe veth && ip link add type veth && ls /sys/class/net
        echo told >/run/guest/told; exit 7`,
      environment: { NAME: "it's" },
      files: ['told', 'nothing'],
      onOutput: (text) => {
        followed += text
      },
    })
    const lines = [
      result.release,
      over,
      'below',
      'above',
      'new',
      "it's",
      '0',
      '/sys/fs/bpf',
      'lo',
      'lo',
      'veth0',
      'veth1',
    ]
    expect(result).toMatchObject({
      end: 'exited',
      code: 7,
      output: `${lines.join('\n')}\n`,
      files: { told: 'told\n' },
      complaints: '',
    })
    expect(followed).toBe(result.output)
    expect(result.dmesg).toContain(`Linux version ${result.release}`)
    expect(complaintsIn(result.dmesg)).toEqual([])
    expect([join(over, 'c'), join(cover, 'c')].filter((path) => existsSync(path))).toEqual([])
  })

  test('ends in time, and tells what was printed until then', async () => {
    const result = await boot({ command: 'echo before; sleep 1000; echo after', timeoutSeconds: 15 })
    expect(result).toMatchObject({ end: 'timed out', code: undefined, output: 'before\n' })
    expect(result.dmesg).toContain('Linux version')
  })

  test('that panics ends, and its last words are known', async () => {
    const result = await boot({ command: 'echo c >/proc/sysrq-trigger; sleep 1000' })
    expect(result).toMatchObject({ end: 'died', code: undefined })
    expect(complaintsIn(result.dmesg).join('\n')).toMatch(/Kernel panic/)
  })

  test('ends at a signal', async () => {
    const stop = new AbortController()
    const result = boot({ command: 'echo up; sleep 1000', signal: stop.signal, onOutput: () => stop.abort() })
    expect(await result).toMatchObject({ end: 'aborted', output: 'up\n' })
  })

  test('gets more arguments: an ACPI table, a processor, a module', async () => {
    const table = join(folder, 'table')
    // AML that defines a name and nothing else: Name (\\MOON, One)
    writeFileSync(table, Buffer.from([0x08, ...Buffer.from('\\MOON'), 0x01]))
    const result = await boot({
      command: `head -c 4 /sys/firmware/acpi/tables/SSDT*; echo; grep -m 1 vendor_id /proc/cpuinfo; grep -c '^veth ' /proc/modules`,
      extraArguments: ['-acpitable', `sig=SSDT,data=${table}`],
      processor: 'max,vendor=GenuineIntel',
      extraModules: ['veth'],
    })
    expect(result).toMatchObject({ code: 0, output: 'SSDT\nvendor_id\t: GenuineIntel\n1\n' })
  })
})
