// The form in which the matcher (match.ts) runs a pattern: a program made by pattern-compile.ts and kept
// by pattern-cache.ts. Captures never need undoing: patterns repeat single characters only, so which
// captures are open or closed follows from the place in the program alone.
//
// A program is a raw block:
//
//     0        8      12       16        20         24            24 + text, padded to 8
//     ┌────────┬──────┬────────┬─────────┬──────────┬─────────────┬──────────────────┐
//     │ header │ hash │ length │ variant │ captures │ pattern     │ instructions …   │
//     └────────┴──────┴────────┴─────────┴──────────┴─────────────┴──────────────────┘
//
// and an instruction
//
//     0    1   2   3   4         8
//     ┌────┬───┬───┬───┬─────────┬──────────────────────────────────────────┐
//     │ op │ a │ b │ c │ d (i32) │ 32 bytes of character set, or text, or – │
//     └────┴───┴───┴───┴─────────┴──────────────────────────────────────────┘
//
// Instructions for a single character come in threes: of one byte (a), any byte, and a set.
import { MEM_CAPTURES } from '../../generated/layout'

export const PROGRAM_HASH: i32 = 8
export const PROGRAM_LENGTH: i32 = 12 // of the pattern's text; -1: the text is not kept
export const PROGRAM_VARIANT: i32 = 16
export const PROGRAM_CAPTURES: i32 = 20
export const PROGRAM_TEXT: i32 = 24

/** Is '^' at the beginning an anchor? Not for gmatch. */
export const VARIANT_ANCHORED: i32 = 0
export const VARIANT_GMATCH: i32 = 1

export const P_MATCH: i32 = 0 // the end
export const P_END: i32 = 1 // $
export const P_OPEN: i32 = 2 // ( number a
export const P_CLOSE: i32 = 3 // ) number a
export const P_HERE: i32 = 4 // () number a
export const P_BACK: i32 = 5 // %a
export const P_BALANCE: i32 = 6 // %b, a and b
export const P_FRONTIER: i32 = 7 // %f with a set
export const P_BYTE: i32 = 8
export const P_ANY: i32 = 9
export const P_SET: i32 = 10
/** Greedy repetition (at least b) that never has to give a character back. */
export const P_STAR_BYTE: i32 = 12
export const P_STAR_ANY: i32 = 13
export const P_STAR_SET: i32 = 14
/** Greedy repetition (at least b) that may; if c, only where the byte a follows. */
export const P_GREEDY_BYTE: i32 = 16
export const P_GREEDY_ANY: i32 = 17
export const P_GREEDY_SET: i32 = 18
/** Shortest repetition. */
export const P_LAZY_BYTE: i32 = 20
export const P_LAZY_ANY: i32 = 21
export const P_LAZY_SET: i32 = 22
/** Optional, never given back. */
export const P_OPTION_BYTE: i32 = 24
export const P_OPTION_ANY: i32 = 25
export const P_OPTION_SET: i32 = 26
/** Optional, may be given back. */
export const P_TRY_BYTE: i32 = 28
export const P_TRY_ANY: i32 = 29
export const P_TRY_SET: i32 = 30
/** The first instruction: where to begin. */
export const P_START: i32 = 32 // anywhere
export const P_ANCHOR: i32 = 33 // at the first place only
export const P_SCAN_BYTE: i32 = 34 // at the byte a
export const P_SCAN_PAIR: i32 = 35 // at the bytes a and b
export const P_SCAN_SET: i32 = 36 // at a byte in the set d bytes ahead
export const P_TEXT: i32 = 37 // d bytes, which follow
export const P_TEXT_AT: i32 = 38 // d bytes, whose address follows
export const P_SEEK: i32 = 39 // .- up to where the byte a follows
export const P_ERROR: i32 = 40 // malformed from here on: message d, number a

/** What an instruction tests a character against: its op modulo 4. */
export const TEST_BYTE: i32 = 0
export const TEST_SET: i32 = 2

/** Bytes of an instruction, and of a character set. */
export const PLAIN_SIZE: i32 = 8
export const SET_BYTES: i32 = 32
export const SET_SIZE: i32 = 40

/** Marks of captures, in the place of their length. */
export const CAPTURE_OPEN: i32 = -1
export const CAPTURE_POSITION: i32 = -2

/** The area behind the captures: what a match in progress and the compiler keep besides G_MATCH_*. */
const WORK: usize = MEM_CAPTURES + 256
export const PROGRAMS: usize = WORK // u32 × PROGRAM_SLOTS: the programs kept
export const PROGRAM_SLOTS: i32 = 8
export const W_CODE: usize = WORK + 32 // first instruction of the running program
export const W_FIRST: usize = WORK + 36 // where the search began
export const W_CAPTURES: usize = WORK + 40 // number of captures
export const W_LAST: usize = WORK + 48 // compiling: offset of the last instruction in the buffer
export const W_NEXT: usize = WORK + 52 // compiling: the next byte of the pattern
export const W_COPIED: usize = WORK + 64 // gsub: the subject is copied up to here
export const W_PREVIOUS: usize = WORK + 68 // gsub: end of the previous match
export const W_COUNT: usize = WORK + 72 // gsub (i64): replacements still allowed
export const W_DONE: usize = WORK + 80 // gsub (i64): replacements made
export const W_CHANGED: usize = WORK + 88 // gsub: a match has been replaced
export const W_PLAIN: usize = WORK + 128 // program of a plain search

/** First instruction of a program. */
export function codeOf(program: usize): usize {
  const length = load<i32>(program, PROGRAM_LENGTH)
  return program + PROGRAM_TEXT + usize(length < 0 ? 0 : (length + 7) & ~7)
}

/** Bytes of the instruction at `pc`. */
export function sizeAt(pc: usize): i32 {
  const op: i32 = load<u8>(pc)
  if (op < P_START)
    return (op & 3) == TEST_SET && op >= P_SET ? SET_SIZE : op == P_FRONTIER ? SET_SIZE : PLAIN_SIZE
  if (op == P_TEXT) return PLAIN_SIZE + ((load<i32>(pc, 4) + 7) & ~7)
  return op == P_TEXT_AT ? 16 : PLAIN_SIZE
}
