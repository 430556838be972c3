/** What the npm package holds. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './command.fixture.ts'

test('the package carries the documents, and neither tests nor their fixtures', { timeout: 120_000 }, () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths.filter((path) => /\.(test|fixture)\.|sample-packets/.test(path))).toEqual([])
  for (const name of readdirSync(join(root, 'docs'))) expect(paths.join('\n')).toContain(`docs/${name}`)
  for (const path of [
    'bin/moonring',
    'dist/cli/moonring.js',
    'dist/src/index.d.ts',
    'dist/vm/moonring.bpf',
    'README.md',
  ])
    expect(paths).toContain(path)
})
