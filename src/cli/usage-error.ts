/** What wrong usage is answered with: the parser's complaints in the command's own words. */

import { existsSync } from 'node:fs'
import type { Command, CommanderError } from 'commander'
import { pathOf } from '../host/printable.ts'
import { CommandError, EXIT } from './command-error.ts'

/** What is wrong, and what to do where the help of the command isn't all. */
type Complaint = readonly [reason: string, hint?: string | undefined]

/** The command that was asked for; the program itself, if it is none of its commands. */
interface Asked {
  readonly program: Command
  readonly command: Command
  /** As typed: `moonring run`. */
  readonly title: string
  readonly first: string
}

/** By the parser's codes (class CommanderError); each reads what it needs from the parser's text. */
export const COMPLAINTS: Readonly<Record<string, (text: string, asked: Asked) => Complaint>> = {
  'commander.unknownCommand': (text, { first }) => [
    `there is no command '${quoted(text)}'`,
    first.endsWith('.lua') || existsSync(pathOf(first))
      ? `to run a script: moonring run ${first}`
      : meant(text),
  ],
  'commander.unknownOption': (text, { command, title }) => {
    const option = quoted(text)
    const flag = option.replace(/=.*/s, '')
    return flag !== option && command.options.some(({ long }) => long === flag)
      ? [`${flag} takes no value`, `write ${flag} alone`]
      : [`${title} has no option ${option}`, meant(text)]
  },
  'commander.missingArgument': (text, { title }) => [`${title} needs ${quoted(text)}`],
  'commander.excessArguments': (text, { command, title }) => {
    const names = command.registeredArguments.map((argument) => argument.name())
    const given = /got (\d+)/.exec(text)?.[1] ?? 'more'
    return names.length === 0
      ? [`${title} takes no arguments, and there ${given === '1' ? 'is' : 'are'} ${given}`]
      : [`${title} takes ${new Intl.ListFormat('en').format(names)}, and there are ${given} arguments`]
  },
  'commander.optionMissingArgument': (text) => {
    const [flag, value] = quoted(text).split(' ').slice(-2)
    return [`${flag} needs a value: ${flag} ${value?.replace(/[<>]/g, '')}`]
  },
  'commander.missingMandatoryOptionValue': (text, { title }) => [
    `${title} needs ${quoted(text).replace(/[<>]/g, '')}`,
  ],
  'commander.invalidArgument': (text, { title }) => {
    const choices = /Allowed choices are (.*)\.$/s.exec(text)?.[1] ?? ''
    const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(choices.split(', '))
    const option = /^option '(?:.*, )?(--[a-z-]+)/.exec(text)?.[1]
    const argument = /for argument '(.*?)'/s.exec(text)?.[1]
    const value = /argument '(.*)' is invalid/s.exec(text)?.[1] ?? /value '(.*)' is invalid/s.exec(text)?.[1]
    return [`${option ?? `${argument} of ${title}`} takes ${list}, not '${value}'`]
  },
  'commander.conflictingOption': (text) => {
    const [one, other] = [...text.matchAll(/'(?:.*?, )?(--[a-z-]+).*?'/g)].map(([, flag]) => flag)
    return [`${one} and ${other} exclude each other`, `leave ${one} or ${other} away`]
  },
  'commander.help': (_, { program, title }) => [
    title === program.name() ? 'there is no such command to give help on' : `${title} has no such command`,
  ],
}

/** What stands in the first quotes of the parser's text. */
const quoted = (text: string): string => /'(.*?)'(?:$|\s|\.)/s.exec(text)?.[1] ?? ''

/** What the parser takes for what was meant. */
function meant(text: string): string | undefined {
  const found = /\(Did you mean (?:one of )?(.*?)\?\)$/s.exec(text)?.[1]
  return found === undefined
    ? undefined
    : `did you mean ${new Intl.ListFormat('en', { type: 'disjunction' }).format(found.split(', '))}?`
}

/** The error for wrong usage. */
export function wrongUsage(error: CommanderError, args: readonly string[], program: Command): CommandError {
  const [first = ''] = args
  const command = program.commands.find((one) => one.name() === first) ?? program
  const title = command === program ? program.name() : `${program.name()} ${first}`
  const text = error.message.replace(/^error: /, '')
  const [reason, hint] = COMPLAINTS[error.code]?.(text, { program, command, title, first }) ?? [text]
  const usage = command === program ? `${title} --help lists all` : `${title} ${command.usage()}`
  const help = command === program ? usage : `usage: ${usage}; ${title} --help says more`
  return new CommandError('M010', `Cannot understand the command line: ${reason}`, hint ?? help, EXIT.usage)
}
