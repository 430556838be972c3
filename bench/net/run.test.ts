/** A short run of the benchmark: every column gets a figure. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kernelAvailable } from '../../src/kernel/kernel.fixture.ts'
import { testUnless } from '../../test/needs.fixture.ts'
import { missingFor } from '../../tools/network/required-programs.ts'

const RUN = join(import.meta.dirname, '../../dist/bench/net/run.js')
const missing =
  missingFor(['iperf3']) ?? (kernelAvailable ? undefined : 'this kernel runs no programs of ours')

function bench(...args: string[]) {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' })
}

test('wrong options are refused', () => {
  expect(bench('--runs', 'x')).toMatchObject({ status: 2, stdout: '' })
  expect(bench('--contest', 'x').stderr).toMatch(/^--contest knows filter, translation, not x\n/)
})

testUnless(missing)(
  'a mechanism gets figures for all that is measured',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
    try {
      const file = join(folder, 'out.json')
      const short = ['--seconds', '1', '--runs', '1', '--contest', 'filter', '--only', 'eBPF', '--json', file]
      const { status, stderr, stdout } = bench(...short)
      expect([status, stderr]).toEqual([0, expect.stringContaining('run 2 of 2: eBPF by hand')])
      expect(stdout).toMatch(/^eBPF by hand( +[\d,.]+){7}$/m)
      const { columns, results } = JSON.parse(readFileSync(file, 'utf8'))
      const [measured, counted] = results.filter['eBPF by hand']
      for (const { name } of columns) expect((measured[name] ?? counted[name]) > 0).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  120_000,
)
