/**
 * Gives the frames of functions their addresses in memory. No function calls itself, so that each has one
 * address for all its calls, behind the frames of all its callers; functions that never wait for each other
 * share the place.
 */
import { TranslateError } from './errors.ts'
import type { Memory } from './prepare.ts'

export interface FrameNeed {
  readonly name: string
  readonly slots: number
  readonly callees: readonly number[]
}

/** Addresses by function; callers come before callees in `needs`. */
export function layoutFrames(
  needs: ReadonlyMap<number, FrameNeed>,
  memory: Memory,
): { addresses: Map<number, number>; bytes: number } {
  const { address, bytes } = memory.frames
  const addresses = new Map<number, number>()
  let end = address
  let last = ''
  for (const [f, { name, slots, callees }] of needs) {
    const start = addresses.get(f) ?? address
    addresses.set(f, start)
    const behind = start + slots * 8
    if (behind > end) {
      end = behind
      last = name
    }
    for (const callee of callees) addresses.set(callee, Math.max(addresses.get(callee) ?? address, behind))
  }
  if (end - address > bytes)
    throw new TranslateError(
      'STACK',
      `Cannot translate: frames on the chain of calls to ${last} take ${end - address} bytes of memory, at most ${bytes}`,
    )
  return { addresses, bytes: end - address }
}

/** @throws TranslateError if one of the functions, or what is called from them, needs a frame */
export function checkReentrant(needs: ReadonlyMap<number, FrameNeed>, functions: readonly number[]): void {
  const seen = new Set<number>()
  const visit = (f: number): void => {
    const need = needs.get(f)
    if (need === undefined || seen.has(f)) return
    seen.add(f)
    if (need.slots > 0)
      throw new TranslateError(
        'STACK',
        `Cannot translate: ${need.name} needs a frame of ${need.slots} values, but several processors may execute it at once`,
      )
    need.callees.forEach(visit)
  }
  functions.forEach(visit)
}
