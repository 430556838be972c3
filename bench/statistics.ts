/** Numbers of the benchmark report. */

/** The median of at least one number. The mean of the middle two when their count is even. */
export const median = (values: readonly number[]): number => {
  if (values.length === 0) throw new RangeError('Cannot take a median: no values')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** The geometric mean of positive numbers; undefined when there are none. */
export const geometricMean = (values: readonly number[]): number | undefined =>
  values.length === 0
    ? undefined
    : Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
