/**
 * Checks the documents against the tree: paths, links, npm scripts, commands and options exist, and Lua examples and
 * transcripts print what they say.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readHelp, unknownIn } from './check-docs/command-help.ts'
import { runLuaExample } from './check-docs/lua-examples.ts'
import { type Markdown, type Piece, readMarkdown } from './check-docs/markdown.ts'
import { isTranscript, needsRoot, runTranscripts } from './check-docs/transcripts.ts'

const top = readdirSync('.').filter((name) => name !== 'node_modules' && name !== '.git')
const files = [
  ...top.filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
]
const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
const help = readHelp()

/** Paths in code: words that start with a name at the top of the tree. Patterns and placeholders are left out. */
function pathsIn(text: string): string[] {
  return text
    .split(/[\s'"(),;:=]+/)
    .map((word) => word.replace(/^\.\//, '').replace(/[.…]+$/, ''))
    .filter((word) => word.includes('/') && top.includes(word.split('/')[0] as string))
    .filter((word) => !/[<>*{}|…$]|[A-Z]{3,}\./.test(word))
}

function* problemsOf(file: string, { inline, blocks, links }: Markdown): Generator<[number, string]> {
  const code: Piece[] = [
    ...inline,
    ...blocks.flatMap(({ line, text }) => text.split('\n').map((row, i) => ({ line: line + i, text: row }))),
  ]
  for (const { line, text } of links)
    if (!existsSync(join(dirname(file), text))) yield [line, `link to ${text}, which doesn't exist`]
  for (const { line, text } of code) {
    for (const path of pathsIn(text)) if (!existsSync(path)) yield [line, `${path} doesn't exist`]
    for (const [, script] of text.matchAll(/\bnpm run (?:--silent )?([a-z:-]+)/g))
      if (!scripts.includes(script as string)) yield [line, `there is no script ${script}: npm run ${script}`]
    const command = /(?:^|\s|bin\/)moonring(?: +(.*))?$/.exec(text)
    if (command) for (const unknown of unknownIn(command[1] ?? '', help)) yield [line, unknown]
  }
  for (const block of blocks) {
    const problem = block.language === 'lua' && block.text.includes('-->') ? runLuaExample(block) : undefined
    if (problem) yield [block.line, problem]
  }
  // those that need root are run by test/documents.test.ts
  yield* runTranscripts(blocks.filter((block) => isTranscript(block) && !needsRoot(block)))
}

/** Paths of documents in what the command says: people look for them in the package. */
function* problemsOfHints(): Generator<[file: string, problem: string]> {
  const { files: packed } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
  for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    const file = join('src', name)
    if (!/(?<!\.test|\.fixture)\.ts$/.test(name)) continue
    for (const [path] of readFileSync(file, 'utf8').matchAll(/\bdocs\/[\w/-]+\.md\b/g)) {
      if (!existsSync(path)) yield [file, `${path} doesn't exist`]
      if (!packed.includes('docs'))
        yield [file, `${path} is not in the package: "files" of package.json lacks docs`]
    }
  }
}

let count = 0
for (const [file, problem] of problemsOfHints()) {
  process.stderr.write(`${file}: ${problem}\n`)
  count++
}
for (const file of files)
  for (const [line, problem] of problemsOf(file, readMarkdown(readFileSync(file, 'utf8')))) {
    process.stderr.write(`${file}:${line}: ${problem}\n`)
    count++
  }
process.exitCode = count > 0 ? 1 : 0
