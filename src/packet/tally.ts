/**
 * Counts by text, within bounded memory: a script that raises a different error for each packet must not make
 * the report grow with the capture.
 */

/** How often something was seen, by its text. */
export interface Count {
  readonly text: string
  readonly count: number
}

const MOST_TEXTS = 100
const OTHERS = '(others)'

export class Tally {
  private readonly counts = new Map<string, number>()

  add(text: string): void {
    const key = this.counts.has(text) || this.counts.size < MOST_TEXTS ? text : OTHERS
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }

  /** Most frequent first, then in order of appearance. */
  sorted(): Count[] {
    return [...this.counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count)
  }
}
