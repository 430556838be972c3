/** `moonring doctor` and `moonring hooks` as people run them. */

import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { program, ScratchFolder } from './command.fixture.ts'
import { testUnless } from './needs.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

interface Row {
  readonly name: string
  readonly available: boolean
  readonly reason: string
}

describe.each([
  ['doctor', ['bpf', 'CAP_BPF', 'arena', 'may_goto', 'program SYSCALL', 'bpffs']],
  ['hooks', ['netfilter/prerouting', 'tc/ingress', 'xdp', 'cgroup/ingress', 'cpufreq']],
])('%s', (command, names) => {
  test('--json is an array', () => {
    const { exit, out, err } = work.run([command, '--json'])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    const rows = JSON.parse(out) as Row[]
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    for (const { name, available, reason } of rows) {
      expect([name, typeof available, typeof reason]).toEqual([name, 'boolean', 'string'])
      if (!available) expect(reason, name).not.toBe('')
    }
  })

  test('a table, and no colours into a pipe', () => {
    const { exit, out, err } = work.run([command])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).not.toContain('\x1b')
    for (const name of names) expect(out).toMatch(new RegExp(`^${name} .*(ok|missing)`, 'm'))
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('wrong usage', () => {
    expect(work.run([command, '--jsn']).exit).toBe(2)
    expect(work.run([command, 'x']).exit).toBe(2)
  })
})

const canDrop = process.getuid?.() === 0 && spawnSync('setpriv', ['--bounding-set=-all', 'true']).status === 0

testUnless(!canDrop && 'needs root and setpriv')('without privilege it reports as well', () => {
  // still root, so that it can read the checkout, but without any capability
  const drop = ['--inh-caps=-all', '--bounding-set=-all']
  const run = (...args: string[]) =>
    spawnSync('setpriv', [...drop, process.execPath, program, ...args], { encoding: 'utf8' })
  const { status, stdout } = run('doctor')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^arena +missing +this process lacks CAP_BPF/m)
  expect(stdout).toContain('run it with sudo')
  expect(stdout).toMatch(/The kernel engine cannot run here: it needs CAP_BPF, /)
  const hooks = JSON.parse(run('hooks', '--json').stdout) as Row[]
  expect(hooks.filter(({ available }) => available)).toEqual([])
})

test('MOONRING_BPFFS names the directory for pins', () => {
  const env = { ...process.env, MOONRING_BPFFS: work.path }
  const { stdout } = spawnSync(program, ['doctor', '--json'], { encoding: 'utf8', env })
  const row = (JSON.parse(stdout) as Row[]).find(({ name }) => name === 'bpffs')
  expect(row).toEqual({ name: 'bpffs', available: false, reason: `not mounted at ${work.path}` })
})
