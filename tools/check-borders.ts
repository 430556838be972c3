/**
 * Finds ways in and out of the command that go past the one printer, the one reader, and the one place where errors of the
 * system become words: `npm run check` runs it. Line by line: what it looks for has names of its own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

interface Border {
  readonly what: RegExp
  /** Files and folders, from src on, in which it is looked for. */
  readonly within: string
  /** Where it may be. */
  readonly but: readonly string[]
  readonly instead: string
}

const BORDERS: readonly Border[] = [
  {
    what: /\bconsole\.|\bprocess\.std(out|err)\b|\bwritev?Sync\b/,
    within: 'cli',
    // readline draws the line that is being typed itself
    but: ['cli/output.ts', 'cli/repl.ts'],
    instead: 'write by src/cli/output.ts: write() for people, exact(), json() and script() for programs',
  },
  {
    what: /\b(readFile|read|open|writeFile|appendFile)Sync\(|\bcreate(Read|Write)Stream\(|fs\/promises'/,
    within: 'cli',
    but: ['cli/arguments.ts'],
    instead: 'read by src/host/read-file.ts; write by src/host/write-file.ts or src/host/trusted-folder.ts',
  },
  {
    what: /JSON\.stringify\(/,
    within: 'cli',
    // a name in a script
    but: ['cli/state-require.ts'],
    instead: 'write JSON by json() of src/cli/output.ts, which escapes what a terminal would obey',
  },
  {
    what: /getSystemErrorMap|\bE(NOSPC|MFILE|NFILE|ISDIR|NOTDIR|LOOP|DQUOT)\b.*:/,
    within: '',
    but: ['host/system-error.ts', 'kernel/system.ts', 'isa', 'host/read-file.ts'],
    instead: 'take the words from src/host/system-error.ts',
  },
  {
    what: /\b(chmod|chown|lchown)(Sync)?\(/,
    within: '',
    but: ['host/trusted-folder.ts'],
    instead: 'make files with their final mode, by src/host/trusted-folder.ts',
  },
]

const root = join(dirname(process.argv[1] as string), '../..')
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file),
)
let found = 0
for (const file of files) {
  const borders = BORDERS.filter(({ within, but }) => {
    const isAllowed = but.some((place) => file === place || file.startsWith(`${place}/`))
    return (within === '' || file.startsWith(`${within}/`)) && !isAllowed
  })
  for (const [i, line] of readFileSync(join(root, 'src', file), 'utf8')
    .split('\n')
    .entries()) {
    if (/^\s*(\*|\/\/|\/\*)/.test(line)) continue
    for (const { what, instead } of borders.filter((border) => border.what.test(line))) {
      found++
      process.stdout.write(`src/${file}:${i + 1}: ${what.exec(line)?.[0]}: ${instead}\n`)
    }
  }
}
process.exitCode = found === 0 ? 0 : 1
