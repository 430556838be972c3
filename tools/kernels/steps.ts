/** What runs in each guest: a shell script of named steps, and the reading of what it printed. Pure. */
import { quoted, SHARED } from './guest-scripts.ts'

export interface Step {
  readonly name: string
  /** One command and its arguments. */
  readonly command: readonly string[]
  /** What it must print at first; a report may follow. */
  readonly expected?: string
}

export interface StepResult {
  readonly name: string
  readonly output: string
  /** Exit code; undefined if the step didn't end. */
  readonly code: number | undefined
  /** By the guest's clock; undefined if the step didn't end. */
  readonly seconds: number | undefined
}

/** What the command knows on this checkout, from its help texts. */
export interface Abilities {
  readonly doctor: boolean
  readonly runKernel: boolean
}

/** Name of vitest's report in the folder that guest and host share. */
export const REPORT = 'report.json'

/** Scripts for `run --kernel`: tables and strings, protected calls and metatables, coroutines. */
export const SCRIPTS = ['json', 'lisp', 'async-tasks'].map((name) => `test/lua/programs/${name}.lua`)

/** Files of tests that need a kernel: those of src/kernel, and in other folders those named after it. */
export function kernelTests(paths: readonly string[]): string[] {
  return paths.filter((path) => /^(src|test)\/(.*\/)?kernel[^/]*(\/.*)?\.test\.ts$/.test(path)).sort()
}

/** Emulated, a second of work takes half a minute: what is to be found is a difference, not slowness. */
const TEST_TIMEOUT_MS = 600_000

/**
 * @param help the texts of `moonring --help` and `moonring run --help`
 */
export function abilitiesIn(help: string): Abilities {
  return { doctor: /^ +doctor\b/m.test(help), runKernel: /^ +--kernel\b/m.test(help) }
}

/**
 * @param scripts paths of scripts, and what they print in user space
 * @param tests files and folders of tests, for vitest; none: it isn't run
 */
export function stepsFor(
  { doctor, runKernel }: Abilities,
  scripts: ReadonlyMap<string, string>,
  tests: readonly string[],
): Step[] {
  const moonring = ['node', 'bin/moonring']
  const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${SHARED}/${REPORT}`]
  return [
    { name: 'release', command: ['uname', '-r'] },
    { name: 'node', command: ['node', '--version'] },
    ...(doctor ? [{ name: 'doctor', command: [...moonring, 'doctor', '--json'] }] : []),
    ...[...(runKernel ? scripts : [])].map(([path, expected]) => ({
      name: scriptStep(path),
      command: [...moonring, 'run', '--kernel', '--stats', path],
      expected,
    })),
    ...(tests.length > 0
      ? [{ name: 'tests', command: [...vitest, `--testTimeout=${TEST_TIMEOUT_MS}`, ...reporters, ...tests] }]
      : []),
  ]
}

const SCRIPT_STEP = 'script:'

const scriptStep = (path: string): string => SCRIPT_STEP + (/([^/]+)\.lua$/.exec(path)?.[1] ?? path)

export const isScript = ({ name }: { readonly name: string }): boolean => name.startsWith(SCRIPT_STEP)

const MARK = '##moonring-step'

/** A script for /bin/sh that runs all steps, and fails if one of them did. */
export function scriptOf(steps: readonly Step[]): string {
  return `failed=0
step() {
  name=$1; shift
  read now rest </proc/uptime; echo "${MARK} $name start $now"
  "$@"; code=$?
  read now rest </proc/uptime; echo "${MARK} $name end $now $code"
  [ $code = 0 ] || failed=1
}
${steps.map(({ name, command }) => ['step', name, ...command.map(quoted)].join(' ')).join('\n')}
exit $failed
`
}

const STARTED = new RegExp(`${MARK} (\\S+) start ([\\d.]+)\\n`, 'g')
const ENDED = new RegExp(`${MARK} (\\S+) end ([\\d.]+) (\\d+)\\n`)

/** Names of the steps whose start is in a piece of output. */
export function startedIn(output: string): string[] {
  return [...output.matchAll(STARTED)].map(([, name]) => name as string)
}

/** What the steps printed, from the output of the script. */
export function readSteps(output: string): StepResult[] {
  const starts = [...output.matchAll(STARTED)]
  return starts.map((start, i) => {
    const text = output.slice(start.index + start[0].length, starts[i + 1]?.index)
    const end = ENDED.exec(text)
    return {
      name: start[1] as string,
      output: end ? text.slice(0, end.index) : text,
      code: end ? Number(end[3]) : undefined,
      seconds: end ? Number(end[2]) - Number(start[2]) : undefined,
    }
  })
}
