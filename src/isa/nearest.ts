/** Which name was meant by one that doesn't exist. Pure. */

/** The most edits between a name and what was meant by it. */
const MOST_EDITS = 3

/**
 * The candidate nearest to a word: its last part after `/` if that is the word, else the one with the fewest edits, if
 * these are few for its length. Undefined if none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let fewest = Math.min(MOST_EDITS, Math.floor(word.length * 0.4)) + 1
  for (const candidate of candidates) {
    if (candidate.endsWith(`/${word}`)) return candidate
    if (Math.abs(candidate.length - word.length) >= fewest) continue
    const count = edits(word, candidate)
    if (count >= fewest) continue
    fewest = count
    best = candidate
  }
  return best
}

/**
 * The least number of insertions, deletions, substitutions and swaps of neighbours that make one text of the other
 * (optimal string alignment: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
 */
function edits(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
