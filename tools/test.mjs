// `npm test`: all tests, or those below the paths that are given. As root they run in a mount namespace of their own:
// what a test mounts ends with it, even if the test is killed.
import { spawnSync } from 'node:child_process'
import process from 'node:process'

const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]
const unshare = ['unshare', '--mount', '--propagation', 'private']
const run = ([file, ...args], stdio) => spawnSync(file, args, { stdio }).status ?? 1

const apart = process.getuid?.() === 0 && run([...unshare, 'true'], 'ignore') === 0
process.exitCode = run(apart ? [...unshare, ...vitest] : vitest, 'inherit')
