/** `moonring create`, `attach`, `detach` and `destroy`: how named states begin, what calls them, and how they end. */

import type { Subsystem } from '../hook/subsystem.ts'
import { refuseOptions } from '../named/attach-options.ts'
import { MATCH_WORDS, type MatchOptions } from '../packet/match.ts'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { continued } from './log-lines.ts'
import { standardError } from './output.ts'
import { deadlineOf, type StateOptionTexts, stateSettings } from './state-options.ts'
import { createState, destroyState, openState, withState } from './states.ts'
import { readSubsystem } from './subsystem-file.ts'

export interface CreateCommandOptions extends StateOptionTexts {
  readonly kernel?: true
  readonly percpu?: true
  readonly description?: string
}

export async function create(name: string, options: CreateCommandOptions): Promise<ExitCode> {
  const engine = options.kernel ? 'kernel' : 'user'
  const { memory, fuel, libraries } = stateSettings(options, undefined, engine)
  const state = await createState(engine, name, {
    memory,
    libraries,
    ...(fuel !== undefined && { fuel }),
    ...(options.deadline !== undefined && { deadline: deadlineOf(options.deadline) }),
    ...(options.description !== undefined && { description: options.description }),
    ...(options.percpu && { perCpu: true }),
  })
  state.close()
  return EXIT.fine
}

export interface AttachCommandOptions extends MatchOptions {
  readonly call?: string
  readonly default?: string
  readonly later?: true
  readonly cgroup?: string
  readonly target?: string
  readonly subsystem?: string
  readonly dev?: string
  readonly netns?: string
  readonly priority?: string
  readonly rules?: true
}

export async function attach(name: string, hook: string, options: AttachCommandOptions): Promise<ExitCode> {
  const own = options.subsystem === undefined ? [] : [await readSubsystem(options.subsystem)]
  const state = await openState(name, own)
  const match = matchOf(options)
  try {
    await state.attach(hook, {
      ...(options.call !== undefined && { function: options.call }),
      ...(options.default !== undefined && { default: options.default }),
      ...(options.later && { later: true }),
      ...(options.cgroup !== undefined && { cgroup: options.cgroup }),
      ...(options.dev !== undefined && { device: options.dev }),
      ...(options.target !== undefined && { target: targetFor(hook, options.target, own) }),
      ...(match !== undefined && { match }),
      ...(options.netns !== undefined && { netns: options.netns }),
      ...(options.priority !== undefined && { priority: priorityOf(options.priority) }),
      ...(options.rules && { rules: true }),
      note: (text) => standardError.write(`moonring: note: ${continued(text, '  | ')}\n`),
    })
  } finally {
    state.close()
  }
  return EXIT.fine
}

/** In programs `target` may stand for `cgroup` and `device`; people have options with these names. */
function targetFor(name: string, target: string, own: readonly Subsystem[]): string {
  const hook = [...own, ...SUBSYSTEMS].flatMap(({ hooks }) => hooks).find((one) => one.name === name)
  return hook?.where === 'kernel' ? refuseOptions(hook, ['target']) : target
}

/** The match options among those of the command. */
function matchOf(options: MatchOptions): MatchOptions | undefined {
  const given = MATCH_WORDS.flatMap((word) => (options[word] === undefined ? [] : [[word, options[word]]]))
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

function priorityOf(text: string): number {
  if (/^-?\d{1,5}$/.test(text)) return Number(text)
  throw new CommandError(
    'M010',
    `Cannot use --priority '${text}': it is no number from -99999 to 99999`,
    'write e.g. --priority 10',
    EXIT.usage,
  )
}

export async function detach(name: string, hook: string | undefined): Promise<ExitCode> {
  const count = await withState(name, (state) => state.detach(hook))
  if (count > 0) return EXIT.fine
  const from = hook === undefined ? '' : ` from ${hook}`
  const reason = hook === undefined ? 'no hook calls it' : 'it is not attached there'
  throw new CommandError('M030', `Cannot detach '${name}'${from}: ${reason}`, `see: moonring show ${name}`)
}

export async function destroy(names: readonly string[]): Promise<ExitCode> {
  for (const name of names) await destroyState(name)
  return EXIT.fine
}
