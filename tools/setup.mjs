// Before tests, checks and benchmarks: installs what is missing and builds what is older than its sources.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) process.exit(status ?? 1)
}

/** When a file, or anything in a folder, was last changed; 0 if it doesn't exist. */
function changed(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0
  const inside = readdirSync(path, { recursive: true }).map((name) => statSync(join(path, name)).mtimeMs)
  return Math.max(stats.mtimeMs, ...inside)
}

const isOlder = (result, sources) => changed(result) < Math.max(...sources.map(changed))

if (isOlder('node_modules/.package-lock.json', ['package-lock.json']))
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])

const SOURCES = ['src', 'tools', 'bench', 'test', 'tsconfig.json', 'package-lock.json']
if (isOlder('dist/.tsbuildinfo', SOURCES)) run('npm', ['run', '--silent', 'build:types'])

const VM_SOURCES = ['vm', 'src/isa', 'src/lang', 'src/ebpf', 'src/translate', 'tools/build', 'tools/build.ts']
if (isOlder('dist/vm/prelude.json', [...VM_SOURCES, 'package-lock.json']))
  run('npm', ['run', '--silent', 'build:vm'])

if (isOlder('dist/cli/moonring.js', ['dist/.tsbuildinfo'])) run('npm', ['run', '--silent', 'build:cli'])
