import { expect, test } from 'vitest'
import { parseComplaint, parseStatistics } from './verifier-log.ts'

const END_6_12 = `verification time 87 usec
stack depth 0+16+8
processed 16 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 2 mark_read 3
`

test('statistics', () => {
  expect(parseStatistics(END_6_12)).toEqual({
    processed: 16,
    totalStates: 1,
    peakStates: 2,
    maxStatesPerInstruction: 0,
    markRead: 3,
    time: 87,
    stackDepths: [0, 16, 8],
  })
})

const END_7_3 = `verification time 26871 usec
stack depth max 0
subprog 0 (main) main insns_self 5 insns_total 12 stack 16
subprog 1 (global) add insns_self 7 insns_total 7 stack 0
processed 12 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 2 mark_read 0
`

test('statistics with a line for each function', () => {
  expect(parseStatistics(END_7_3)).toMatchObject({ processed: 12, time: 26_871, stackDepths: [16, 0] })
  expect(parseComplaint(END_7_3).cause).toBeUndefined()
})

test('a log that says nothing of it', () => {
  expect(parseStatistics('')).toEqual({})
  expect(parseComplaint('')).toEqual({ cause: undefined, instruction: undefined, lines: [] })
  expect(parseComplaint(END_6_12).cause).toBeUndefined()
})

const causes: [name: string, log: string, cause: string, instruction: number | undefined][] = [
  [
    'the instruction before',
    '0: R1=ctx() R10=fp0\n0: (bf) r0 = r3\nR3 !read_ok\nprocessed 1 insns (limit 1000000)\n',
    'R3 !read_ok',
    0,
  ],
  [
    'an instruction with the state behind it, after a jump',
    `12: (15) if r1 == 0x0 goto pc+2 ; R1_w=scalar()
from 12 to 15: R0=0 R10=fp0
15: R0=0 R10=fp0
; x = *p; @ vm.c:12
15: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'scalar'
${END_6_12}`,
    "R0 invalid mem access 'scalar'",
    15,
  ],
  ['an instruction that the cause names', 'back-edge from insn 7 to 3\n', 'back-edge from insn 7 to 3', 7],
  ['unreachable code', 'unreachable insn 4\nprocessed 0 insns', 'unreachable insn 4', 4],
  [
    'the limit of complexity',
    '99: (07) r1 += 1 ; R1_w=scalar()\nBPF program is too large. Processed 1000001 insn\nprocessed 1000001 insns (limit 1000000)',
    'BPF program is too large. Processed 1000001 insn',
    99,
  ],
  [
    'precision tracking around it',
    `30: (79) r2 = *(u64 *)(r10 -16)
mark_precise: frame0: last_idx 30 first_idx 28 subseq_idx -1
mark_precise: frame0: regs=r2 stack= before 29: (b7) r3 = 1
31: (0f) r1 += r2
math between ctx pointer and register with unbounded min value is not allowed
`,
    'math between ctx pointer and register with unbounded min value is not allowed',
    31,
  ],
  [
    'a report behind the cause',
    `0: R1=ctx() R10=fp0
0: (b7) r1 = 0                        ; R1=0
1: (79) r0 = *(u64 *)(r1 +0)
R1 invalid mem access 'scalar'

Verification failed: Register Type Safety: Invalid dereference

Reason:
  R1 is an integer scalar here, not a pointer to memory.

At:
  insn 1
       | ^-- error: invalid dereference of R1 (an integer scalar)
  Instruction context:
      0 | (b7) r1 = 0
  >>> 1 | (79) r0 = *(u64 *)(r1 +0)
      2 | (95) exit

Causal path:
  insn 0
       | ^-- update: R1 changed from context pointer at offset 0 to integer scalar value 0

Suggestion:
  Preserve a pointer-valued register where needed, or reload and revalidate the pointer after scalar
  arithmetic, helper calls, or other operations that can invalidate it.

processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`,
    "R1 invalid mem access 'scalar'",
    1,
  ],
  [
    'no instruction at all',
    'Program of this type cannot be sleepable\nprocessed 0 insns (limit 1000000)\n',
    'Program of this type cannot be sleepable',
    undefined,
  ],
  [
    'the call depth',
    'the call stack of 9 frames is too deep !\n',
    'the call stack of 9 frames is too deep !',
    undefined,
  ],
]
test.each(causes)('the cause of a refusal: %s', (_, log, cause, instruction) => {
  expect(parseComplaint(log)).toMatchObject({ cause, instruction })
})

test('of a long log, the lines before the cause that matter', () => {
  const steps = Array.from(
    { length: 5000 },
    (_, i) => `${i}: (07) r1 += 1\nmark_precise: frame0: last_idx ${i}`,
  )
  const { lines } = parseComplaint(`${steps.join('\n')}\nR1 is wrong\n${END_6_12}`)
  expect(lines).toHaveLength(13)
  expect(lines.at(-2)).toBe('4999: (07) r1 += 1')
  expect(lines.at(-1)).toBe('R1 is wrong')
})
