/** Descriptions of states, from the control blocks of their replicas. */
import { readFileSync } from 'node:fs'
import { CONTROL } from '../isa/layout.ts'
import type { Engine } from '../state/engine.ts'
import { processOf } from '../state/state-lock.ts'
import { bootTime } from '../state/time.ts'
import { ControlBlock } from './control-block.ts'
import type { Fallbacks, HookDescription, HookFigures, StateDescription } from './description.ts'
import { mean, quantile, sum } from './histogram.ts'

/** Figures of the same hook in several replicas. */
function together(all: readonly HookFigures[]): HookFigures {
  const [first] = all as [HookFigures]
  if (all.length === 1) return first
  const buckets = (of: (figures: HookFigures) => readonly number[]) =>
    of(first).map((_, i) => sum(all.map((figures) => of(figures)[i] as number)))
  const causes = Object.keys(first.fallbacks) as (keyof Fallbacks)[]
  const fallbacks = Object.fromEntries(
    causes.map((cause) => [cause, sum(all.map((figures) => figures.fallbacks[cause]))]),
  ) as unknown as Fallbacks
  const times = buckets((figures) => figures.times)
  const fuels = buckets((figures) => figures.fuels)
  const reached = sum(
    all.map(
      ({ calls, fallbacks: { contended, interrupted, broken } }) => calls - contended - interrupted - broken,
    ),
  )
  const sums = { time: sum(all.map(({ sums }) => sums.time)), fuel: sum(all.map(({ sums }) => sums.fuel)) }
  return {
    calls: sum(all.map(({ calls }) => calls)),
    errors: sum(all.map(({ errors }) => errors)),
    fallbacks,
    time: { mean: mean(sums.time, sum(times)), p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
    fuel: { mean: mean(sums.fuel, reached), p50: quantile(fuels, 0.5), p99: quantile(fuels, 0.99) },
    times,
    fuels,
    sums,
    verdicts: first.verdicts.map((_, i) => sum(all.map(({ verdicts }) => verdicts[i] as number))),
  }
}

/** What control blocks don't tell about attachments, by slot: a subsystem's own figures, and why some call no more. */
export interface HookNotes {
  readonly own?: ReadonlyMap<number, Readonly<Record<string, number | string>>>
  readonly gone?: ReadonlyMap<number, string>
}

export function describeHooks(
  replicas: readonly ControlBlock[],
  { own, gone }: HookNotes = {},
): HookDescription[] {
  const [first] = replicas as readonly [ControlBlock]
  return first.hooks().map((record) => {
    const figures = together(replicas.map((replica) => replica.figures(replica.hook(record.slot))))
    const more = own?.get(record.slot)
    const end = gone?.get(record.slot)
    return {
      name: first.nameOf(record),
      target: first.targetOf(record),
      function: first.functionOf(record),
      default: first.defaultOf(record),
      limits: first.limitsOf(record),
      ...figures,
      ...(end !== undefined && { gone: end }),
      ...(more && { own: more }),
    }
  })
}

/** Who has the lock, if it is a process. */
function holderOf(control: ControlBlock): Pick<StateDescription, 'holder'> {
  const pid = processOf(control.long(control.address + CONTROL.LOCK))
  if (pid === undefined) return {}
  const since = bootTime() + control.count(control.address + CONTROL.HELD) / 1e6
  return { holder: { pid, command: commandOf(pid), since: new Date(since).toISOString() } }
}

/** The command line of a process; '' if it has just ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** The description of a state that can be used, or is broken. */
export function describeState(
  name: string,
  engine: Engine,
  replicas: readonly ControlBlock[],
  buffer: ArrayBuffer,
  notes?: HookNotes,
): StateDescription {
  const [first] = replicas as readonly [ControlBlock]
  const hooks = describeHooks(replicas, notes)
  const all = (of: (control: ControlBlock) => number) => sum(replicas.map(of))
  const at = (field: number) => all((control) => control.count(control.address + field))
  const broken = replicas.some((control) => control.broken)
  return {
    name,
    engine,
    status: broken ? 'broken' : 'ready',
    ...(broken && {
      reason:
        'the kernel has stopped its program: hooks take their default verdict. Destroy it and make it anew',
    }),
    description: first.description,
    version: ControlBlock.identify(buffer)?.version ?? '',
    created: new Date(first.count(first.address + CONTROL.CREATED)).toISOString(),
    replicas: replicas.length,
    memory: {
      used: all(({ memory }) => memory.used),
      limit: all(({ memory }) => memory.limit),
      peak: all(({ memory }) => memory.peak),
    },
    fuel: first.asked.fuel ?? null,
    deadline: first.asked.deadline ?? null,
    collections: all(({ collections }) => collections),
    ...holderOf(first),
    calls: sum(hooks.map(({ calls }) => calls)),
    errors: sum(hooks.map(({ errors }) => errors)),
    fallbacks: sum(hooks.flatMap(({ fallbacks }) => Object.values(fallbacks))),
    recovered: all((control) => control.word(control.address + CONTROL.RECOVERED)),
    log: { records: at(CONTROL.LOG_COUNT), dropped: at(CONTROL.LOG_DROPPED) },
    hooks,
    libraries: first.libraries,
  }
}
