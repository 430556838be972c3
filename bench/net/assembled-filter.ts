/**
 * The SSH filter as a hand-written program: what examples/ssh-filter.lua decides, in eBPF without any VM. It is the
 * yardstick for hooks of netfilter: what a compiler could reach.
 */
import { assemble } from '../../src/ebpf/assemble.ts'
import type { ProgramSpec } from '../../src/ebpf/program-spec.ts'

const REFUSED = 'OpenSSH_6.4'
/** Bytes of the payload that are searched, and where on the stack they lie; a 0 ends them. */
const SEARCHED = 255
const BUFFER = 288
/** Places of the dynptr over the packet, and of bytes of its headers. */
const PACKET = 16
const HEADER = 24

/** Loads what byte `r7 + ahead` of the payload is into r0. */
const byte = (ahead = 0) => `
  r2 = r10
  r2 += -${BUFFER}
  r2 += r7
  r0 = *(u8 *)(r2 + ${ahead})`

/**
 * Goes on in the payload. r9 is 0, which the verifier doesn't know: it would follow each position on its own, in a
 * million instructions.
 */
const advance = (by: number) => `
  r7 += ${by}
  r7 ^= r9
  r7 &= 255`

/** Reads bytes of the packet from r4 on to the stack; goes to `accept` where it has none. */
const read = (place: number, length: string) => `
  r1 = r10
  r1 += -${place}
  r2 = ${length}
  r3 = r10
  r3 += -${PACKET}
  r5 = 0
  call bpf_dynptr_read
  if r0 != 0 goto accept`

const compare = (text: string, otherwise: string) =>
  [...text].map((c, i) => `${byte(i)}\n  if r0 != ${c.charCodeAt(0)} goto ${otherwise}`).join('')

/** Goes to `otherwise` unless r0 is a character of `[^-%G]`. */
const graphic = (otherwise: string) => `
  if r0 == ${'-'.charCodeAt(0)} goto ${otherwise}
  if r0 < 33 goto ${otherwise}
  if r0 > 126 goto ${otherwise}`

/** r8 becomes the offset of the payload. */
const HEADERS = `
  r1 = *(u64 *)(r1 + 8)
  r2 = 0
  r3 = r10
  r3 += -${PACKET}
  call kfunc bpf_dynptr_from_skb
  if r0 != 0 goto accept
  r4 = 0${read(HEADER, '8')}
  r0 = *(u8 *)(r10 - ${HEADER})
  r8 = r0
  r8 &= 15
  r8 <<= 2
  r4 = 9
  r0 >>= 4
  if r0 == 4 goto protocol
  if r0 != 6 goto accept
  r8 = 40
  r4 = 6
protocol:${read(HEADER, '1')}
  r0 = *(u8 *)(r10 - ${HEADER})
  if r0 == 6 goto tcp
  if r0 != 17 goto accept
  r8 += 8
  goto payload
tcp:
  r4 = r8
  r4 += 12${read(HEADER, '1')}
  r0 = *(u8 *)(r10 - ${HEADER})
  r0 >>= 4
  r0 <<= 2
  r8 += r0`

export function assembledFilter(): ProgramSpec {
  return assemble(`
static func main(ctx)${HEADERS}
payload:
  r1 = r10
  r1 += -${PACKET}
  call kfunc bpf_dynptr_size
  r9 = r0
  r9 >>= 24
  if r0 <= r8 goto accept
  r0 -= r8
  if r0 <= ${SEARCHED} goto short
  r0 = ${SEARCHED}
short:
  r6 = r0
  r4 = r8${read(BUFFER, 'r6')}
  r1 = r10
  r1 += -${BUFFER}
  r1 += r6
  r0 = 0
  *(u8 *)(r1 + 0) = r0
  r7 = 0${advance(0)}
scan:
  may_goto accept
  if r7 >= r6 goto accept${byte()}${advance(1)}
  if r0 != ${'S'.charCodeAt(0)} goto scan${compare('SH-', 'scan')}${advance(3)}${byte()}${graphic('scan')}
version:
  may_goto accept
  if r7 >= r6 goto accept${advance(1)}${byte()}
  if r0 == ${'-'.charCodeAt(0)} goto software${graphic('scan')}
  goto version
software:${advance(1)}${compare(REFUSED, 'accept')}${byte(REFUSED.length)}${graphic('drop')}
accept:
  r0 = 1
  exit
drop:
  r0 = 0
  exit`)
}
