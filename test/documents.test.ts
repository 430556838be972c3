/**
 * Transcripts of documents whose commands need root: run in namespaces of their own, with a control group for
 * `/sys/fs/cgroup`. The other ones are run by `npm run check`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect } from 'vitest'
import { mountPoints } from '../src/kernel/bpffs.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { readMarkdown } from '../tools/check-docs/markdown.ts'
import { isTranscript, needsRoot, runTranscripts } from '../tools/check-docs/transcripts.ts'
import { documents } from '../tools/generate/figures.ts'
import { testUnless } from './needs.fixture.ts'

const TIMEOUT = 240_000
/** Nothing that the commands mount, make or attach is seen outside. */
const NAMESPACES = [
  'unshare',
  '--mount',
  '--net',
  '--cgroup',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
]
const PRELUDE = `
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs none /run
mount -t bpf none /sys/fs/bpf
ip link set lo up`

const [cgroup2] = mountPoints('cgroup2')
const canUnshare = spawnSync('unshare', [...NAMESPACES.slice(1), 'true']).status === 0
const missing =
  cgroup2 === undefined ? 'cgroup2 is not mounted' : !canUnshare && 'this user can make no namespaces'

/** Runs with the directory of a new control group, which is removed with those below it. */
function withGroup<T>(run: (group: string) => T): T {
  const group = join(cgroup2 ?? '', `moonring-docs-${process.pid}`)
  mkdirSync(group)
  try {
    return run(group)
  } finally {
    for (const below of readdirSync(group, { withFileTypes: true }))
      if (below.isDirectory()) rmdirSync(join(group, below.name))
    rmdirSync(group)
  }
}

describeInKernel('commands of documents', () => {
  for (const path of documents()) {
    const all = readMarkdown(readFileSync(path, 'utf8')).blocks.filter(isTranscript)
    if (!all.some(needsRoot)) continue
    testUnless(missing)(
      path,
      () => {
        const problems = withGroup((group) => {
          const enter = ['sh', '-c', `echo $$ >${group}/cgroup.procs; exec "$@"`, 'sh']
          return runTranscripts(all, { by: [...enter, ...NAMESPACES], prelude: PRELUDE })
        })
        expect(problems.map(([line, problem]) => `${path}:${line}: ${problem}`)).toEqual([])
      },
      TIMEOUT,
    )
  }
})
