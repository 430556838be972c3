// The one check command, `npm run check`: one line for each step, and the output of those that fail.
import { spawn } from 'node:child_process'
import process from 'node:process'

const STEPS = [
  // what hasn't changed since the build isn't checked again; its errors are shown again
  { name: 'types', command: 'npm run --silent build:types' },
  { name: 'generated files', command: 'node dist/tools/generate.js --check' },
  { name: 'format and lint', command: 'biome check --error-on-warnings --max-diagnostics=20' },
  { name: 'layering', command: 'depcruise src tools bench test --config .dependency-cruiser.cjs' },
  { name: 'borders', command: 'node dist/tools/check-borders.js' },
  { name: 'documents', command: 'node dist/tools/check-docs.js' },
  { name: 'VM subset', command: 'node dist/tools/check-vm.js' },
]

/** Runs a command; its exit code and everything it printed. */
function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => {
        output += text
      })
    }
    child.on('close', (status) => resolve({ status, output }))
  })
}

/** Runs a step and says how it went. True: it failed. */
async function failed({ name, command }) {
  const start = performance.now()
  const { status, output } = await run(command)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(16)} ${seconds} s\n`)
  for (const [gap] of output.matchAll(/^known gap: .*$/gm)) process.stdout.write(`      ${gap}\n`)
  if (status !== 0) process.stdout.write(`${output.trimEnd().replace(/^/gm, '      ')}\n      (${command})\n`)
  return status !== 0
}

process.env.PATH = `node_modules/.bin:${process.env.PATH}`
const build = await failed({ name: 'install and build', command: 'node tools/setup.mjs' })
const results = await Promise.all(STEPS.map(failed))
process.exitCode = build || results.includes(true) ? 1 : 0
