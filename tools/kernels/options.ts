/** The options of `npm run test:kernels`. Pure. */
import { parseArgs } from 'node:util'
import { DEFAULT_KERNELS } from './kernel-version.ts'
import { KernelsError } from './unavailable.ts'

export const HELP = `Usage: npm run test:kernels -- [options]

Boots Debian's stock kernels in QEMU, with this machine's files, and runs the kernel tests in each. Prints a table.

Options:
  --kernel VERSION   a series (6.12), a release (6.12.117+deb13-amd64) or newest; may be repeated
                     (default: ${DEFAULT_KERNELS.join(', ')})
  --tests PATH       files or folders of tests instead of the usual ones; may be repeated
  --timeout SECONDS  for each kernel (default: 7200)
  --list             lists the kernels that can be chosen, and ends
  --keep             keeps the folder of each guest: console, output, reports
  --json             prints one JSON document instead of the table
  --write-docs       writes the table to docs/kernels.md
  --help             prints this text

Exit codes: 0 all passed, 1 one failed, 2 wrong usage, 4 something that it needs is missing
`

export interface Options {
  readonly kernels: readonly string[]
  /** True if the kernels were named: then a missing one is an error. */
  readonly chosen: boolean
  readonly tests: readonly string[] | undefined
  readonly timeoutSeconds: number
  readonly list: boolean
  readonly keep: boolean
  readonly json: boolean
  readonly writeDocs: boolean
  readonly help: boolean
}

/** @throws KernelsError of exit code 2 */
export function parseOptions(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const
  const wrong = (problem: string): KernelsError =>
    new KernelsError(2, 'KERNELS_USAGE', `Cannot read the options: ${problem}`, '--help shows them.')
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kernel: { type: 'string', multiple: true },
        tests: { type: 'string', multiple: true },
        timeout: { type: 'string', default: '7200' },
        list: flag,
        keep: flag,
        json: flag,
        'write-docs': flag,
        help: flag,
      },
    })
    if (!/^[1-9]\d{0,5}$/.test(values.timeout))
      throw wrong(`--timeout ${values.timeout} is no number of seconds`)
    const kernels = values.kernel?.flatMap((word) => word.split(',')).filter((word) => word !== '')
    return {
      kernels: kernels ?? DEFAULT_KERNELS,
      chosen: kernels !== undefined,
      tests: values.tests,
      timeoutSeconds: Number(values.timeout),
      list: values.list,
      keep: values.keep,
      json: values.json,
      writeDocs: values['write-docs'],
      help: values.help,
    }
  } catch (error) {
    throw error instanceof KernelsError ? error : wrong((error as Error).message.split('. ')[0] as string)
  }
}
