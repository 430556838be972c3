/** Programs that the verifier refuses, and the interpreter for the same reason. */

/** Text of a program on one line: `|` stands for the end of a line. */
export function lines(text: string): string {
  return text.replaceAll(/\|(?!=)/g, '\n')
}

const CAST = 'w6 = 8|r6 = addr_space_cast(r6, 0, 1)|'

/**
 * What is wrong, the program, the interpreter's message, and why the verifier takes it nonetheless where it does.
 * The context has 8 bytes.
 */
// biome-ignore format: one row for each program
export const REFUSED: readonly (readonly [what: string, text: string, reason: RegExp, taken?: string])[] = [
  ['reading a register that was never written', 'r0 = r3|exit', /r3 was never written/],
  ['arithmetic on one', 'r0 += 1|exit', /r0 was never written/],
  ['comparing one', 'r0 = 0|if r4 == 0 goto +0|exit', /r4 was never written/],
  ['a scalar as an address', 'r1 = 8|r0 = *(u8 *)(r1)|exit', /r1 is a scalar; it is no address. Cast it/],
  ['storing through a scalar', 'r1 = 8|*(u8 *)(r1) = 1|exit', /r1 is a scalar/],
  ['a scalar that was an arena address', `${CAST}w6 = w6|r0 = *(u8 *)(r6)|exit`, /r6 is a scalar/],
  ['its negative', `${CAST}r6 = -r6|r0 = *(u8 *)(r6)|exit`, /r6 is a scalar/],
  ['an arena address added to a scalar', `${CAST}r1 = 1|r1 += r6|exit`, /r6 is an arena address; .*cast it first/],
  ['the same in 32 bits', `${CAST}w1 = 1|w1 += w6|exit`, /r6 is an arena address; .*cast it first/],
  ['an arena address as the result', `call function g|r0 = 0|exit|global func g()|${CAST}r0 = r6|exit`, /r0 is an arena address; a function returns a scalar/, 'Linux 7.3 takes it'],
  ['no result', 'exit', /r0 was never written/],
  ['a stack slot that was never written', 'r0 = *(u64 *)(r10 -8)|exit', /8 bytes at -8 from r10 were never written/, 'privileged programs may read any of their stack'],
  ['part of one', '*(u32 *)(r10 -8) = 1|r0 = *(u64 *)(r10 -8)|exit', /never written/, 'privileged programs may read any of their stack'],
  ['what an earlier call left in it', 'func m()|call function g|call function h|exit|func g()|*(u64 *)(r10 -8) = 1|r0 = 0|exit|func h()|r0 = *(u64 *)(r10 -8)|exit', /of h, .*never written/, 'privileged programs may read any of their stack'],
  ['an address in half a slot', `${CAST}*(u32 *)(r10 -8) = r6|r0 = 0|exit`, /only to a slot of 8 bytes/],
  ['the stack beyond its end', '*(u64 *)(r10 -520) = 1|exit', /outside of the stack of 512 bytes/],
  ['the stack above its start', '*(u64 *)(r10 +0) = 1|exit', /outside of the stack/],
  ['the stack unaligned', '*(u32 *)(r10 -6) = 1|exit', /not aligned/],
  ['a stack address in the arena', `${CAST}*(u64 *)(r6) = r10|exit`, /r10 is a stack address; it can not be stored/],
  ['multiplying a stack address', 'r1 = r10|r1 *= 2|exit', /take \+= and -=/],
  ['a stack address in 32 bits', 'w1 = w10|exit', /r10 is a stack address/],
  ['r1 after a call', 'r1 = 1|call function g|r0 = r1|exit|func g(a)|r0 = 0|exit', /r1 was never written/],
  ['r6 in a callee', 'r6 = 1|call function g|exit|func g()|r0 = r6|exit', /of g, `r0 = r6`: r6 was never written/],
  ['more arguments than a function has', 'func m()|r1 = 1|call function g|exit|global func g()|r0 = r1|exit', /r1 was never/],
  ['an arena address as an argument', `${CAST}r1 = r6|call function g|exit|global func g(a)|r0 = 0|exit`, /r1 is an arena address; the global function g takes a scalar/],
  ['an argument that is missing', 'r1 = 1|call function g|exit|global func g(a, b)|r0 = 0|exit', /`call function g`: r2 was never .*; the global function g/],
  ['writing r10', 'r10 = 0|exit', /r10 is read-only/],
  ['a jump out of the function', 'goto +1|exit|func g()|exit', /leaves its function, instructions 0 to 1/],
  ['falling off the end', 'r0 = 0', /goes on behind its last instruction/],
  ['the context beyond its end', 'r0 = *(u64 *)(r1 +4)|exit', /outside of the context, which has 8/, 'Linux 7.3 takes it'],
  ['atomics on the context', 'r2 = 1|lock *(u64 *)(r1) += r2|exit', /no atomic operations on the context/],
  ['calling what is not linked', 'call function g|exit', /no function starts there/],
  ['a map as an address', 'r1 = map m ll|r0 = *(u8 *)(r1)|exit', /r1 is a map/, 'privileged programs may read what a map is'],
  ]
