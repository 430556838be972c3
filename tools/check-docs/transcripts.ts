/**
 * Transcripts in documents: blocks with lines `$ command`, each with the output that follows. They are run as a reader
 * would run them, in one shell for a document, and what they print is compared.
 *
 * - `$ cat FILE` makes FILE with the text that follows, where it doesn't exist.
 * - Numbers and the width of gaps may differ; `…` stands for any text, and in a line of its own for any lines.
 * - A command without output in the document must succeed, whatever it prints.
 * - `<!-- not run: reason -->` above a block leaves it out.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CodeBlock } from './markdown.ts'

/** A command with the line that it stands on, and what it prints. */
export interface Step {
  readonly line: number
  readonly command: string
  readonly expected: string
}

/** Seconds that the commands of one document may take. */
const PATIENCE = 120
const MARK = '\x01step'

/** The commands of a block; none, if it is no transcript. */
export function stepsOf({ line, text }: CodeBlock): Step[] {
  const steps: { line: number; command: string; expected: string }[] = []
  text.split('\n').forEach((row, i) => {
    const last = steps.at(-1)
    if (row.startsWith('$ ')) steps.push({ line: line + i, command: row.slice(2), expected: '' })
    else if (last !== undefined && last.expected === '' && row.startsWith('> '))
      last.command += `\n${row.slice(2)}`
    else if (last !== undefined) last.expected += `${row}\n`
  })
  return steps
}

/** Whether a block is a transcript that is to be run. */
export const isTranscript = ({ text, note }: CodeBlock): boolean =>
  text.startsWith('$ ') && !note?.startsWith('not run: ')

/** Whether its commands need root. */
export const needsRoot = ({ text }: CodeBlock): boolean => /^\$ (.*[ (])?sudo /m.test(text)

/** What a shell is started with: nothing, or programs that put it into namespaces. */
export interface Surroundings {
  readonly by?: readonly string[]
  /** Shell commands before those of the document. */
  readonly prelude?: string
}

/** Runs the transcripts of a document. What is wrong: the line, and the reason. */
export function runTranscripts(blocks: readonly CodeBlock[], around: Surroundings = {}): [number, string][] {
  const steps = blocks.flatMap(stepsOf)
  const folder = mkdtempSync(join(tmpdir(), 'moonring-docs-'))
  try {
    makeTools(folder)
    writeFileSync(join(folder, 'script'), scriptOf(steps, around.prelude ?? ''))
    const limit = ['timeout', '-k', '5', String(PATIENCE)]
    const [file = '', ...args] = [...limit, ...(around.by ?? []), 'bash', join(folder, 'script')]
    const { stdout } = spawnSync(file, args, {
      cwd: join(folder, 'work'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, NO_COLOR: '1' },
    })
    return problemsOf(steps, stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What commands of documents expect: `moonring`, `sudo`, and the folder with examples. */
function makeTools(folder: string): void {
  for (const name of ['bin', 'work']) mkdirSync(join(folder, name))
  symlinkSync(resolve('bin/moonring'), join(folder, 'bin/moonring'))
  symlinkSync(resolve('examples'), join(folder, 'work/examples'))
  writeFileSync(join(folder, 'bin/sudo'), '#!/bin/sh\nexec "$@"\n')
  chmodSync(join(folder, 'bin/sudo'), 0o755)
}

/** A script that runs the commands in one shell, with a line before each and its status behind it. */
function scriptOf(steps: readonly Step[], prelude: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const body = steps.map(({ command, expected }, i) => {
    const [, file] = /^cat ([\w.-]+)$/.exec(command) ?? []
    const make = file === undefined ? '' : `[ -e ${file} ] || printf %s ${quoted(expected)} >${file}\n`
    return `${make}printf '${MARK} ${i}\\n'\n{\n${command}\n} 2>&1\nprintf '${MARK} %s\\n' "end $?"\n`
  })
  return `${prelude}\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n${body.join('')}`
}

function problemsOf(steps: readonly Step[], output: string): [number, string][] {
  const found: [number, string][] = []
  for (const [i, { line, command, expected }] of steps.entries()) {
    const [, printed = '', status] =
      new RegExp(`${MARK} ${i}\\n([\\s\\S]*?)\\n?${MARK} end (\\d+)\\n`).exec(output) ?? []
    const what = `$ ${command.split('\n')[0]}`
    if (status === undefined) return [...found, [line, `${what}: does not end, or did not begin`]]
    // a program that isn't installed; in CI all are
    if (status === '127' && process.env.CI !== 'true') continue
    if (expected === '' && status !== '0') found.push([line, `${what}: fails: ${printed}`])
    else if (expected !== '' && !matches(printed, expected))
      found.push([line, `${what}: prints\n${printed}\n  and not\n${expected.trimEnd()}`])
  }
  return found
}

/** Whether a command has printed what its document says, but for numbers, gaps and `…`. */
export function matches(printed: string, expected: string): boolean {
  const lines = expected.trimEnd().split('\n')
  const patterns = lines.map((line) =>
    line === '…'
      ? '(?:.*\\n)*?'
      : `${line
          .trimEnd()
          .split(/(…|\d[\d.,:]*| {2,})/)
          .map((piece, i) => (i % 2 === 0 ? literal(piece) : wildcard(piece)))
          .join('')}[ \\t]*\\n`,
  )
  return new RegExp(`^${patterns.join('')}$`).test(`${printed.trimEnd()}\n`)
}

const literal = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')
const wildcard = (piece: string): string =>
  piece === '…' ? '.*' : piece.startsWith(' ') ? ' +' : '[\\d.,:]+'
