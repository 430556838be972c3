/**
 * Reads the verifier's log. Its wording is no stable interface: what isn't recognised is passed over, never an
 * error.
 */

/** What the verifier says at the end, with BPF_LOG_STATS. Fields that a kernel doesn't print are undefined. */
export interface VerifierStatistics {
  /** Instructions that it followed, each as often as it came by. The limit is a million. */
  readonly processed?: number
  readonly totalStates?: number
  readonly peakStates?: number
  readonly maxStatesPerInstruction?: number
  readonly markRead?: number
  /** Microseconds. */
  readonly time?: number
  /** Bytes of stack of each function, in their order. */
  readonly stackDepths?: readonly number[]
}

const NUMBERS = {
  processed: /\bprocessed (\d+) insns/,
  totalStates: /\btotal_states (\d+)/,
  peakStates: /\bpeak_states (\d+)/,
  maxStatesPerInstruction: /\bmax_states_per_insn (\d+)/,
  markRead: /\bmark_read (\d+)/,
  time: /\bverification time (\d+) usec/,
} as const

export function parseStatistics(log: string): VerifierStatistics {
  const found = Object.entries(NUMBERS).flatMap(([name, pattern]) => {
    const match = pattern.exec(log)
    return match === null ? [] : [[name, Number(match[1])] as const]
  })
  const depths = stackDepthsIn(log)
  return { ...Object.fromEntries(found), ...(depths.length === 0 ? {} : { stackDepths: depths }) }
}

/** Up to 7.2 one line has the depths of all functions; from 7.3 each function has a line, `subprog 0 (main) … stack 16`. */
function stackDepthsIn(log: string): number[] {
  const [, together] = /\bstack depth (\d+(?:\+\d+)*)/.exec(log) ?? []
  if (together !== undefined) return together.split('+').map(Number)
  return [...log.matchAll(/^subprog \d+ .*\bstack (\d+)$/gm)].map(([, depth]) => Number(depth))
}

/** Why a program was refused. */
export interface VerifierComplaint {
  /** The line that says why, or undefined if the log has none. */
  readonly cause: string | undefined
  /** Index of the instruction at which it stopped. */
  readonly instruction: number | undefined
  /** The lines up to the cause that matter, without the repetitions of a long log. */
  readonly lines: readonly string[]
}

/** An instruction as the log lists it: `12: (bf) r1 = r10`. */
const LISTED = /^(\d+): \([0-9a-f]{2}\) /
/** Lines after the cause, or that tell what the verifier did rather than why it stopped. */
const CHATTER =
  /^(processed \d|verification time |stack depth |subprog \d+ |insns processed|mark_precise: |-- BEGIN|-- END|(?:from )?\d+(?: to \d+)?: |;|Func#|Validating |\s*$|R\d+[_=]|arg#\d+ )/
/** Instructions that a cause names itself. */
const NAMED = [/\bfrom insn (\d+)/, /\binsn (\d+)/, /\bat (\d+)\b/]

const USEFUL_LINES = 12

/** From 7.3 a report for people follows the line with the cause: reason, place, causal path, suggestion. */
function linesBeforeReport(log: string): string[] {
  const lines = log.split('\n').map((line) => line.trimEnd())
  const report = lines.findIndex((line) => line.startsWith('Verification failed: '))
  return report < 0 ? lines : lines.slice(0, report)
}

export function parseComplaint(log: string): VerifierComplaint {
  const lines = linesBeforeReport(log)
  const at = lines.findLastIndex((line) => !CHATTER.test(line))
  const cause = at < 0 ? undefined : lines[at]!
  const before = at < 0 ? lines : lines.slice(0, at)
  const named =
    cause === undefined ? undefined : NAMED.map((pattern) => pattern.exec(cause)?.[1]).find(Boolean)
  const listed = before.findLast((line) => LISTED.test(line))
  const number = named ?? (listed === undefined ? undefined : LISTED.exec(listed)![1])
  const useful = before.filter((line) => line !== '' && !/^(mark_precise|processed|;)/.test(line))
  return {
    cause,
    instruction: number === undefined ? undefined : Number(number),
    lines: [...useful.slice(-USEFUL_LINES), ...(cause === undefined ? [] : [cause])],
  }
}
