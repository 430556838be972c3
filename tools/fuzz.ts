/**
 * `npm run fuzz`: runs one mode of `tools/fuzz/modes.ts` with seed after seed, for as long as it is told. A difference
 * ends it with the seed and the smallest input that was found.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { FuzzMode, FuzzRun } from './fuzz/mode.ts'
import { MODES } from './fuzz/modes.ts'

const HELP = `usage: npm run fuzz -- [--mode NAME] [--minutes N] [--seed FROM] [--user] [--keep-going]

Tries random cases and compares what comes of them.

  --mode NAME    what is tried (default: ${MODES[0]?.name}):
${MODES.map(({ name, about }) => `                   ${name.padEnd(12)} ${about}`).join('\n')}
  --minutes N    for so long (default: 1)
  --seed FROM    begin with this case (default: by the clock); the next ones follow
  --user         leave the kernel out, which needs root
  --keep-going   go on after a difference

Exit codes: 0 no difference, 1 a difference, which is shown with its seed, 2 wrong usage.`

const PROGRESS_SECONDS = 10

interface Wanted {
  readonly mode: FuzzMode
  readonly first: number
  readonly minutes: number
  readonly kernel: boolean
  readonly keepGoing: boolean
}

/** What the command line asks for. Undefined: it is wrong. */
function wantedBy(args: readonly string[]): Wanted | 'help' | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mode: { type: 'string', default: MODES[0]?.name },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      user: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const mode = MODES.find(({ name }) => name === values.mode)
  const minutes = Number(values.minutes)
  const first = values.seed === undefined ? Date.now() % 1e9 : Number(values.seed)
  if (mode === undefined || !(minutes > 0) || !Number.isInteger(first)) return undefined
  return { mode, first, minutes, kernel: !values.user, keepGoing: values['keep-going'] }
}

/** Tries case after case until the time is over. True: none showed a difference. */
async function search(run: FuzzRun, wanted: Wanted): Promise<boolean> {
  const { first, mode, keepGoing } = wanted
  const end = Date.now() + wanted.minutes * 60_000
  let [seed, differences, shown] = [first, 0, Date.now()]
  for (; Date.now() < end && (keepGoing || differences === 0); seed++) {
    const difference = await run.difference(seed)
    if (difference !== undefined) {
      differences++
      process.stdout.write(`${mode.name}, seed ${seed}: ${difference}\n`)
    }
    if (Date.now() - shown < PROGRESS_SECONDS * 1000) continue
    shown = Date.now()
    process.stderr.write(`${seed - first + 1} cases, up to seed ${seed}\n`)
  }
  const more = run.summary ? `, ${run.summary()}` : ''
  process.stderr.write(`${seed - first} cases${more}, ${differences} differences\n`)
  return differences === 0
}

async function main(): Promise<number> {
  let wanted: ReturnType<typeof wantedBy>
  try {
    wanted = wantedBy(process.argv.slice(2))
  } catch (error) {
    // an option that doesn't exist
    process.stderr.write(`${(error as Error).message}\n`)
  }
  if (wanted === 'help') {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  if (wanted === undefined) {
    process.stderr.write(`${HELP}\n`)
    return 2
  }
  const run = await wanted.mode.start({ kernel: wanted.kernel })
  try {
    return (await search(run, wanted)) ? 0 : 1
  } finally {
    await run.close?.()
  }
}

process.exitCode = await main()
