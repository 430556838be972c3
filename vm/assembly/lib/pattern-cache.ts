// Compiled patterns are kept, a few of them, by what they say: scripts use the same patterns again and
// again. The cache owns the programs; a program is replaced when another pattern needs its slot, which
// never happens while it runs.
import { G_BUFFER_LENGTH, G_LIMIT } from '../../generated/layout'
import { bufferBytes, bufferLength, resetBuffer } from '../buffer'
import { copyBytes, free, tryRaw } from '../memory'
import { bytesOf, lengthOf, sameBytes, stringHash } from '../string'
import { compilePattern } from './pattern-compile'
import { planPattern } from './pattern-plan'
import {
  codeOf,
  PROGRAM_CAPTURES,
  PROGRAM_HASH,
  PROGRAM_LENGTH,
  PROGRAM_SLOTS,
  PROGRAM_TEXT,
  PROGRAM_VARIANT,
  PROGRAMS,
  W_CAPTURES,
} from './pattern-program'

/** Texts longer than this are not kept, and so compiled anew each time. */
const LONGEST_KEPT: i32 = 256

/** The program for a pattern; 0 without room for it. */
export function programOf(pattern: usize, variant: i32): usize {
  const hash = stringHash(pattern)
  const length = lengthOf(pattern)
  const slot = PROGRAMS + (usize((hash ^ variant) & (PROGRAM_SLOTS - 1)) << 2)
  const program: usize = load<u32>(slot)
  if (
    program &&
    load<i32>(program, PROGRAM_HASH) == hash &&
    load<i32>(program, PROGRAM_LENGTH) == length &&
    load<i32>(program, PROGRAM_VARIANT) == variant &&
    sameBytes(program + PROGRAM_TEXT, bytesOf(pattern), length)
  )
    return program
  resetBuffer()
  if (!compilePattern(bytesOf(pattern), length, variant)) return 0
  return keepProgram(pattern, variant, slot)
}

/** Makes a program of the instructions in the buffer and gives it the slot; 0 without room. */
function keepProgram(pattern: usize, variant: i32, slot: usize): usize {
  const kept = lengthOf(pattern) <= LONGEST_KEPT ? lengthOf(pattern) : -1
  const textBytes = kept < 0 ? 0 : (kept + 7) & ~7
  const program = tryRaw(PROGRAM_TEXT + textBytes + bufferLength())
  if (!program) return 0
  store<i32>(program, stringHash(pattern), PROGRAM_HASH)
  store<i32>(program, kept, PROGRAM_LENGTH)
  store<i32>(program, variant, PROGRAM_VARIANT)
  store<i32>(program, load<i32>(W_CAPTURES), PROGRAM_CAPTURES)
  copyBytes(program + PROGRAM_TEXT, bytesOf(pattern), kept)
  copyBytes(codeOf(program), bufferBytes(), bufferLength())
  planPattern(codeOf(program))
  store<i32>(G_BUFFER_LENGTH, 0)
  const old: usize = load<u32>(slot)
  if (old) free(old)
  store<u32>(slot, u32(program))
  return program
}

/** Is the pattern too long for this memory, rather than the memory full? */
export function isHopeless(pattern: usize): bool {
  return lengthOf(pattern) > load<i32>(G_LIMIT) >> 5
}

/** Frees all programs; none may be running. */
export function dropPrograms(): void {
  for (let i: i32 = 0; i < PROGRAM_SLOTS; i++) {
    const slot = PROGRAMS + (usize(i) << 2)
    if (load<u32>(slot)) free(load<u32>(slot))
    store<u32>(slot, 0)
  }
}
