/** Frames in memory. */
import { expect, test } from 'vitest'
import { TranslateError } from './errors.ts'
import { type FrameNeed, layoutFrames } from './layout-frames.ts'

const memory = (bytes: number) => ({ zero: 0, trap: 8, frames: { address: 1000, bytes } })

function needs(
  rows: Readonly<Record<number, readonly [slots: number, ...callees: number[]]>>,
): Map<number, FrameNeed> {
  return new Map(
    Object.entries(rows).map(([f, [slots, ...callees]]) => [Number(f), { name: `f${f}`, slots, callees }]),
  )
}

/** Two frames share bytes. */
const overlap = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] < b[1] && b[0] < a[1]

test('a frame lies behind those of all its callers', () => {
  const all = needs({ 0: [2, 1, 2], 1: [1, 3], 2: [5, 3], 3: [4] })
  const { addresses, bytes } = layoutFrames(all, memory(1000))
  expect(Object.fromEntries(addresses)).toEqual({ 0: 1000, 1: 1016, 2: 1016, 3: 1056 })
  expect(bytes).toBe(88)
})

test('no two functions on a chain of calls share memory', () => {
  const all = needs({ 0: [3, 2], 1: [1, 2, 4], 2: [0, 3, 4], 3: [7, 5], 4: [2, 5], 5: [1] })
  const { addresses } = layoutFrames(all, memory(1000))
  const rangeOf = (f: number): readonly [number, number] => {
    const start = addresses.get(f) as number
    return [start, start + 8 * (all.get(f) as FrameNeed).slots]
  }
  const below = (f: number): number[] => (all.get(f) as FrameNeed).callees.flatMap((g) => [g, ...below(g)])
  for (const f of all.keys())
    for (const g of below(f)) expect(overlap(rangeOf(f), rangeOf(g)), `f${f} and f${g}`).toBe(false)
})

test('functions that never wait for each other share memory', () => {
  const { addresses, bytes } = layoutFrames(needs({ 0: [1, 1, 2], 1: [4], 2: [4] }), memory(1000))
  expect(addresses.get(1)).toBe(addresses.get(2))
  expect(bytes).toBe(40)
})

test('there must be room', () => {
  const all = needs({ 0: [2, 1], 1: [3] })
  expect(layoutFrames(all, memory(40)).bytes).toBe(40)
  expect(() => layoutFrames(all, memory(39))).toThrow(TranslateError)
  expect(() => layoutFrames(all, memory(39))).toThrow(/to f1 take 40 bytes of memory, at most 39/)
})
