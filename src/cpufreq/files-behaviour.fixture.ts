/**
 * Asks the files of a policy what they do with good and bad input: the same of a test's tree and of a real kernel,
 * whose answers must agree. Leaves the policy with the governor that it had.
 */
import type { Files } from './files.ts'
import { POLICIES } from './linux-policy.ts'

/** What is written, in this order, and the files that are looked at afterwards. */
const WRITES: readonly (readonly [file: string, text: string])[] = [
  ['scaling_governor', 'nonsense'],
  ['scaling_setspeed', '1000000'],
  ['scaling_governor', 'userspace'],
  ['scaling_setspeed', '1000000'],
  ['scaling_setspeed', '800000'],
  ['scaling_setspeed', '1'],
  ['scaling_setspeed', '0'],
  ['scaling_setspeed', '-5'],
  ['scaling_setspeed', '99999999'],
  ['scaling_setspeed', 'abc'],
  ['scaling_setspeed', '1200000x'],
  ['scaling_setspeed', ''],
  ['scaling_max_freq', '2000000'],
  ['scaling_setspeed', '3000000'],
  ['scaling_min_freq', '2400000'],
  ['scaling_max_freq', '1'],
  ['scaling_max_freq', '99999999'],
  ['scaling_min_freq', '0'],
  ['scaling_cur_freq', '800000'],
  ['scaling_governor', 'schedutil'],
]

const FREQUENCY = ['scaling_setspeed', 'scaling_cur_freq']
const LIMITS = ['scaling_min_freq', 'scaling_max_freq']
const READS = [...FREQUENCY, ...LIMITS, 'scaling_governor']

/** What never changes. */
const FACTS = [
  'affected_cpus',
  'related_cpus',
  'cpuinfo_min_freq',
  'cpuinfo_max_freq',
  'cpuinfo_transition_latency',
  'scaling_available_frequencies',
  'scaling_driver',
]

/** What observing takes besides the files. */
export interface Surroundings {
  readonly switchOff: () => void
  readonly switchOn: () => void
  /** Waits until limits that were written have taken effect: the kernel makes them effective in a task of its own. */
  readonly settle: () => void
}

/** A line for each fact, each write, and what a processor that is switched off says. */
export function observe(
  files: Files,
  policy: string,
  { switchOff, switchOn, settle }: Surroundings,
): string[] {
  const read = (file: string) => files.read(`${POLICIES}/${policy}/${file}`)?.replace(/\n$/, '')
  const write = (file: string, text: string) => files.write(`${POLICIES}/${policy}/${file}`, text) ?? 'ok'
  const lines = FACTS.map((file) => `${file}: ${read(file)}`)
  let isSet = false
  for (const [file, text] of WRITES) {
    const answer = write(file, text)
    if (LIMITS.includes(file)) settle()
    // the frequency is known once one was set
    if (file === 'scaling_setspeed' && answer === 'ok') isSet = true
    if (file === 'scaling_governor') isSet = false
    const seen = READS.filter((name) => isSet || !FREQUENCY.includes(name)).map(read)
    lines.push(`${file} <- '${text}': ${answer}: ${seen.join(' ')}`)
  }
  lines.push(`unset: ${read('scaling_setspeed')}`)
  switchOff()
  lines.push(`off: ${[...READS, 'affected_cpus', 'cpuinfo_min_freq'].map(read).join(' ')}`)
  lines.push(`off: ${write('scaling_governor', 'userspace')} ${write('scaling_setspeed', '1')}`)
  lines.push(`off: ${files.list(POLICIES).includes(policy)}`)
  switchOn()
  lines.push(`on: ${read('scaling_governor')} ${read('affected_cpus')}`)
  return lines
}
