/**
 * Histograms of the control block: numbers below 4 have a bucket each, and all others four buckets for each power of
 * two, so that a bucket is at most a quarter as wide as its numbers are large. `record` in vm/assembly/hook.ts fills
 * them.
 */
export const BUCKETS = 128

/** The least number of a bucket. */
export function leastOf(bucket: number): number {
  if (bucket < 4) return bucket
  const msb = (bucket >> 2) + 1
  return (4 + (bucket & 3)) * 2 ** (msb - 2)
}

/** Counts of all buckets, from the address where the histogram lies. */
export function countsOf(longs: BigInt64Array, address: number): number[] {
  return Array.from({ length: BUCKETS }, (_, i) => Number(longs[(address >>> 3) + i]))
}

/** The number below which a share of all numbers lies, from the middle of its bucket; 0 if there are none. */
export function quantile(counts: readonly number[], share: number): number {
  const total = counts.reduce((sum, n) => sum + n, 0)
  let left = total * share
  for (const [bucket, n] of counts.entries()) {
    left -= n
    if (n > 0 && left <= 0) return Math.floor((leastOf(bucket) + leastOf(bucket + 1) - 1) / 2)
  }
  return 0
}

/** A sum's share, rounded; 0 if there are none. */
export function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round(sum / count)
}

/** All of the numbers together. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
