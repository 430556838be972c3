/**
 * Processes for tests that need one of their own: to be killed, or to live in namespaces of their own. A child
 * runs JavaScript that imports the project's TypeScript.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import process from 'node:process'

/** Node before 22 doesn't read TypeScript: this hook leaves out the types of what it loads. */
const HOOK = `
  import { readFileSync } from 'node:fs'
  import { createRequire } from 'node:module'
  const ts = createRequire(${JSON.stringify(import.meta.url)})('typescript')
  const compilerOptions = { module: 'ESNext', target: 'ES2023' }
  export async function load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context)
    const source = readFileSync(new URL(url), 'utf8')
    const { outputText } = ts.transpileModule(source, { compilerOptions })
    return { format: 'module', source: outputText, shortCircuit: true }
  }`

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(HOOK))})`

/** Arguments of node for a script; \`./x.ts\` in its imports is a file of this folder. */
function nodeArguments(script: string): string[] {
  const absolute = script.replace(/from '(\.\.?\/[\w/-]+\.ts)'/g, (_, file) => {
    return `from '${new URL(file, import.meta.url).href}'`
  })
  return ['--import', dataUrl(REGISTER), '--input-type=module', '--eval', absolute]
}

export interface ChildResult {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

/** Runs a script in namespaces of its own, `-n` of the network and `-m` of mounts, as unshare(1) makes them. */
export function runInNamespaces(options: readonly string[], script: string): ChildResult {
  const command = [...options, '--', process.execPath, ...nodeArguments(script)]
  const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8' })
  return { exit: status, out: stdout, err: stderr }
}

/** Starts a script. Whoever starts it ends it. */
export function startChild(script: string): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, nodeArguments(script))
}
