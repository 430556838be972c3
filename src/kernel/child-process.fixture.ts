/**
 * Processes for tests that need one of their own: to be killed, or to live in namespaces of their own. A child
 * runs JavaScript that imports the project's TypeScript, or what was built from it if that is as new.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

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

const ROOT = join(import.meta.dirname, '../..')
const BUILD = join(ROOT, 'dist/.tsbuildinfo')

/** Whether the build is as new as what children import: reading TypeScript takes seconds on slow machines. */
function isBuilt(): boolean {
  if (!existsSync(BUILD)) return false
  const files = ['ffi', 'ebpf', 'kernel', 'named', 'state'].flatMap((folder) => {
    const path = join(ROOT, 'src', folder)
    return readdirSync(path).map((file) => join(path, file))
  })
  const built = statSync(BUILD).mtimeMs
  return files.every((file) => statSync(file).mtimeMs <= built)
}

/** Arguments of node for a script; \`./x.ts\` in its imports is a file of this folder. */
function nodeArguments(script: string): string[] {
  const useBuild = isBuilt()
  const absolute = script.replace(/from '(\.\.?\/[\w/-]+\.ts)'/g, (_, file: string) => {
    const folder = useBuild ? join(ROOT, 'dist/src/kernel') : import.meta.dirname
    const path = join(folder, useBuild ? file.replace(/\.ts$/, '.js') : file)
    return `from '${pathToFileURL(path).href}'`
  })
  return [...(useBuild ? [] : ['--import', dataUrl(REGISTER)]), '--input-type=module', '--eval', absolute]
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
