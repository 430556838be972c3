/** Named states as people read them: the table of `list` and `top`, and the page of `show`. */

import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { oneLine } from '../host/printable.ts'
import type { Fallbacks, HookDescription, StateDescription } from '../named/description.ts'
import { GAP, PLAIN } from '../packet/plain-table.ts'
import { SUBSYSTEMS } from '../subsystems/find.ts'
import { standardOutput } from './output.ts'
import { aroundStyles, type Paint } from './paint.ts'
import { formatSize } from './size.ts'

type Align = 'left' | 'right'
export type Column = readonly [title: string, align: Align]

/** Columns of the terminal; elsewhere, as in files and pipes, lines are as long as they are. */
function terminalWidth(): number {
  return standardOutput.isTerminal ? standardOutput.columns : Number.POSITIVE_INFINITY
}

/** Columns are not made narrower than this. */
const LEAST_WIDTH = 12

/** Widths of columns: as wide as their cells, but the widest ones narrower where all of them don't fit. */
function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
  const lengthOf = (cell: string) => stripVTControlCharacters(cell).length
  const widths = columns.map(([title], i) =>
    Math.max(lengthOf(title), ...rows.map((row) => lengthOf(row[i] ?? ''))),
  )
  let over = widths.reduce((sum, w) => sum + w + GAP, -GAP) - width
  for (; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] as number) <= LEAST_WIDTH) break
    widths[widest] = (widths[widest] as number) - 1
  }
  return widths
}

/** A table without frames, whose long cells take several lines where `width` asks for it; each line ends with a newline. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  width: number = terminalWidth(),
): string {
  const table = new Table({
    head: columns.map(([title]) => paint.bold(title)),
    chars: PLAIN,
    colAligns: columns.map(([, align]) => align),
    colWidths: fit(columns, rows, width),
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => row.map(cell)))
  const lines = table.toString().split('\n')
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** A cell is one line, whatever its text holds. */
const cell = (text: string): string => aroundStyles(text, oneLine)

/** `1234567` as `1,234,567`. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US')
}

/** Nanoseconds as `850 ns`, `1.8 µs`, `12 ms`. */
export function formatTime(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${nanoseconds} ns`
  const [value, unit] = nanoseconds < 1e6 ? [nanoseconds / 1e3, 'µs'] : [nanoseconds / 1e6, 'ms']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

const LIST: readonly Column[] = [
  ['name', 'left'],
  ['engine', 'left'],
  ['status', 'left'],
  ['memory', 'right'],
  ['calls', 'right'],
  ['errors', 'right'],
  ['fallbacks', 'right'],
  ['p99', 'right'],
  ['hooks', 'left'],
  ['description', 'left'],
]

/** The greatest 99th percentile of a state's hooks; '' if none was called. */
export function slowest(state: StateDescription): string {
  const times = state.hooks.filter(({ calls }) => calls > 0).map(({ time }) => time.p99)
  return times.length === 0 ? '' : formatTime(Math.max(...times))
}

export function drawList(states: readonly StateDescription[], paint: Paint): string {
  const rows = states.map((state) => [
    state.name,
    state.engine,
    state.status === 'ready' ? state.status : paint.red(state.status),
    state.memory.limit === 0 ? '' : formatSize(state.memory.used),
    formatCount(state.calls),
    formatCount(state.errors),
    formatCount(state.fallbacks),
    slowest(state),
    state.hooks.map(({ name, gone }) => (gone === undefined ? name : `${name} (gone)`)).join(' '),
    state.reason ?? state.description,
  ])
  return drawTable(LIST, rows, paint)
}

const HOOKS: readonly Column[] = [
  ['hook', 'left'],
  ['target', 'left'],
  ['function', 'left'],
  ['default', 'left'],
  ['calls', 'right'],
  ['errors', 'right'],
  ['fallbacks', 'right'],
  ['p50', 'right'],
  ['p99', 'right'],
  ['instructions', 'right'],
]

function hookRow(hook: HookDescription): string[] {
  return [
    hook.name,
    hook.gone === undefined ? hook.target : `${hook.target} gone: ${hook.gone}`.trimStart(),
    hook.function,
    hook.default,
    formatCount(hook.calls),
    formatCount(hook.errors),
    formatCount(Object.values(hook.fallbacks).reduce((sum, n) => sum + n, 0)),
    formatTime(hook.time.p50),
    formatTime(hook.time.p99),
    formatCount(hook.fuel.mean),
  ]
}

const CAUSES: Readonly<Record<keyof Fallbacks, string>> = {
  error: 'the script raised an error',
  fuel: 'it ran out of fuel',
  deadline: 'its deadline was over',
  memory: 'it ran out of memory',
  nonsense: 'it returned what is no verdict',
  contended: 'the state was busy',
  interrupted: 'the hook had interrupted another one on its CPU',
  broken: 'the state was broken',
}

/** What bounds the calls of a hook. */
function drawLimits({ name, limits: { fuel, deadline, wait } }: HookDescription): string {
  const waits = wait === 0 ? '' : `; it waits ${formatTime(wait)} for the state`
  return `${name}: a call may execute ${formatCount(fuel)} instructions and take ${formatTime(deadline)}${waits}\n`
}

/** Why hooks took their default verdict, a line for each cause. */
function drawFallbacks({ name, fallbacks }: HookDescription): string {
  return (Object.entries(CAUSES) as [keyof Fallbacks, string][])
    .filter(([cause]) => fallbacks[cause] > 0)
    .map(
      ([cause, words]) =>
        `${name}: ${formatCount(fallbacks[cause])} times the default verdict, since ${words}\n`,
    )
    .join('')
}

/** How many calls had which verdict, where the names of verdicts are known. */
function drawVerdicts({ name, verdicts }: HookDescription): string {
  const hook = SUBSYSTEMS.flatMap(({ hooks }) => hooks).find((one) => one.name === name)
  const last = verdicts.length - 1
  const counts = Object.entries(hook?.verdicts.named ?? {}).flatMap(([verdict, number]) => {
    const count = verdicts[Math.min(number, last)] ?? 0
    return count > 0 ? [`${formatCount(count)} ${verdict}`] : []
  })
  return counts.length === 0 ? '' : `${name}: ${counts.join(', ')}\n`
}

/** Of limits that the maker of a state has left to its hooks. */
const EACH = 'what each hook has'

type Facts = [name: string, value: string][]

function drawFacts(facts: Facts, paint: Paint): string {
  return facts.map(([name, value]) => `${paint.dim(name.padEnd(12))} ${cell(value)}\n`).join('')
}

export function drawState(state: StateDescription, paint: Paint): string {
  const { memory, log } = state
  const facts: Facts = [
    ['name', state.name],
    ['engine', state.engine],
    ['status', state.status === 'ready' ? 'ready' : paint.red(`${state.status}: ${state.reason ?? ''}`)],
  ]
  // one without memory that could be read has nothing else to tell
  if (memory.limit === 0) return drawFacts(facts, paint)
  facts.push(
    ['made', `${state.created.replace('T', ' ').slice(0, 19)} UTC by Moonring ${state.version}`],
    [
      'memory',
      `${formatSize(memory.used)} of ${formatSize(memory.limit)}, ${formatSize(memory.peak)} at most, ${formatCount(state.collections)} collections`,
    ],
    ['fuel', state.fuel === null ? EACH : `${formatCount(state.fuel)} instructions for a call of a hook`],
    ['deadline', state.deadline === null ? EACH : `${formatTime(state.deadline)} for a call of a hook`],
    ['libraries', state.libraries.join(', ') || 'none but the basic functions'],
    ['log', `${formatCount(log.records)} records, of which ${formatCount(log.dropped)} are overwritten`],
  )
  if (state.replicas > 1) facts.splice(2, 0, ['replicas', `${state.replicas}, one for each CPU`])
  if (state.description !== '') facts.unshift(['description', state.description])
  if (state.holder !== undefined) facts.push(['in use', holderOf(state)])
  if (state.recovered > 0)
    facts.push(['recovered', `${state.recovered} times from a process that died while it used the state`])
  for (const { name, own } of state.hooks) if (own) facts.push([name, figuresOf(own)])
  const page = drawFacts(facts, paint)
  if (state.hooks.length === 0) return `${page}${paint.dim('hooks'.padEnd(12))} none\n`
  return `${page}\n${drawTable(HOOKS, state.hooks.map(hookRow), paint)}${[drawLimits, drawVerdicts, drawFallbacks].flatMap((draw) => state.hooks.map(draw)).join('')}`
}

/** Who has the state to itself, and for how long by now. */
function holderOf({ holder, hooks }: StateDescription): string {
  if (holder === undefined) return ''
  const { pid, command, since } = holder
  const meanwhile = hooks.length > 0 ? '; hooks take their default verdict meanwhile' : ''
  return `by process ${pid} (${command}) since ${since.slice(11, 23)} UTC${meanwhile}`
}

/** A hook's own figures in a line: `policies policy0, period 20`. */
function figuresOf(own: Readonly<Record<string, number | string>>): string {
  return Object.entries(own)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
