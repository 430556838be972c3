/** What the command understands, from its own help texts. */
import { spawnSync } from 'node:child_process'

/** Options by command; those of the command itself are under ''. */
export type Help = ReadonlyMap<string, ReadonlySet<string>>

const help = (args: readonly string[]): string => {
  const { stdout, stderr, status } = spawnSync('node', ['bin/moonring', ...args, '--help'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`moonring ${args.join(' ')} --help failed: ${stderr}`)
  return stdout
}

const optionsIn = (text: string): Set<string> => new Set(text.match(/--?[a-z][a-z-]*/g))

/** Asks every command that `moonring --help` lists. */
export function readHelp(): Help {
  const text = help([])
  const list = /^Commands:\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? ''
  const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => String(name))
  return new Map([
    ['', optionsIn(text)],
    ...commands
      .filter((command) => command !== 'help')
      .map((command) => [command, optionsIn(help([command]))] as const),
  ])
}

/** What of a command line (without `moonring`) doesn't exist. */
export function unknownIn(line: string, known: Help): string[] {
  const words = (line.split(/[|#>]| {2,}/)[0] as string).split(/[\s=[\]]+/).filter((word) => word !== '')
  const command = /^[a-z]+$/.test(words[0] ?? '') ? String(words[0]) : ''
  const options = known.get(command)
  if (!options) return [`moonring has no command '${command}'`]
  return words
    .filter((word) => /^--?[a-z]/.test(word) && !options.has(word))
    .map((option) => `moonring ${command} has no option ${option}`)
}
