/** BPF_PROG_TEST_RUN with packets: what programs see of them, and what they leave. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contextField, contextOffset, packetContext } from '../../tools/packets/packet-context.ts'
import { assemble } from '../ebpf/assemble.ts'
import { NotAvailable } from './errors.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { kernelBtf } from './kernel-btf.ts'
import { loadProgram } from './load-program.ts'
import { countRunTimes } from './run-times.ts'

/** A frame of IPv4: addresses of 6 bytes, type, then bytes that count. */
const FRAME = Uint8Array.from({ length: 64 }, (_, i) => (i === 12 ? 8 : i === 13 ? 0 : i))
const SYSCTL = '/proc/sys/kernel/bpf_stats_enabled'
const LOOPBACK = 1

const member = (struct: string, name: string) => kernelBtf().findMember(struct, name)!.offset

describeInKernel('runs over packets', () => {
  test('tc: the packet and its fields go in and come back', () => {
    const at = (field: string) => contextOffset('__sk_buff', field)
    // adds one to the mark, and writes its result at 20
    const text = `
      r6 = r1
      r0 = *(u32 *)(r6 + ${at('mark')})
      r0 += 1
      *(u32 *)(r6 + ${at('mark')}) = r0
      r0 = *(u32 *)(r6 + ${at('ifindex')})
      r0 <<= 8
      r1 = *(u32 *)(r6 + ${at('len')})
      r0 += r1
      *(u64 *)(r10 - 8) = r0
      r1 = r6
      r2 = 20
      r3 = r10
      r3 += -8
      r4 = 4
      r5 = 0
      call bpf_skb_store_bytes
      r0 = *(u64 *)(r10 - 8)
      exit`
    using program = loadProgram(assemble(text), { type: 'SCHED_CLS', name: 'tc' })
    const context = packetContext('__sk_buff', { mark: 41, ifindex: LOOPBACK })
    const { retval, dataOut, contextOut } = program.run({ data: FRAME, context })
    expect(retval).toBe((LOOPBACK << 8) + FRAME.length)
    expect(contextField('__sk_buff', contextOut, 'mark')).toBe(42)
    const expected = FRAME.slice()
    expected.set([FRAME.length, LOOPBACK, 0, 0], 20)
    expect(dataOut).toEqual(expected)
  })

  test('tc: fields that no packet brings along are refused', () => {
    using program = loadProgram(assemble('r0 = 0\nexit'), { type: 'SCHED_CLS', name: 'tc' })
    const context = packetContext('__sk_buff', { protocol: 8 })
    expect(() => program.run({ data: FRAME, context })).toThrow(NotAvailable)
  })

  test('XDP: a packet grows at its end, and its device is told', () => {
    const text = `
      r6 = r1
      r7 = *(u32 *)(r6 + ${contextOffset('xdp_md', 'ingress_ifindex')})
      r1 = r6
      r2 = 8
      call bpf_xdp_adjust_tail
      r0 += r7
      exit`
    using program = loadProgram(assemble(text), { type: 'XDP', name: 'xdp' })
    const context = packetContext('xdp_md', { data_end: FRAME.length, ingress_ifindex: LOOPBACK })
    const { retval, dataOut, contextOut } = program.run({ data: FRAME, context })
    expect(retval).toBe(LOOPBACK)
    expect(contextField('xdp_md', contextOut, 'data_end')).toBe(FRAME.length + 8)
    expect(dataOut).toEqual(Uint8Array.of(...FRAME, 0, 0, 0, 0, 0, 0, 0, 0))
  })

  test('XDP: copies of a packet go their ways', () => {
    using program = loadProgram(assemble('r0 = 1\nexit'), { type: 'XDP', name: 'drop' })
    const context = packetContext('xdp_md', { data_end: FRAME.length })
    const asked = countRunTimes()
    const { retval, dataOut, contextOut } = program.run({ data: FRAME, context, repeat: 70, live: true })
    asked.close()
    expect({ retval, dataOut, contextOut }).toEqual({ retval: 0, dataOut: undefined, contextOut: undefined })
    expect(program.runTimes().runs).toBe(70)
  })

  test('a run that is repeated tells how long one took', () => {
    using program = loadProgram(assemble('r0 = 0\nexit'), { type: 'SCHED_CLS', name: 'tc' })
    const { retval, duration } = program.run({ data: FRAME, repeat: 1000 })
    expect(retval).toBe(0)
    expect(duration).toBeGreaterThanOrEqual(0)
  })

  test('run times are counted while somebody asks for them', () => {
    using program = loadProgram(assemble('r0 = 0\nexit'), { type: 'SCHED_CLS', name: 'tc' })
    const counted = () => {
      const before = program.runTimes()
      program.run({ data: FRAME, repeat: 100 })
      const { runs, nanoseconds } = program.runTimes()
      return { runs: runs - before.runs, took: nanoseconds > before.nanoseconds }
    }
    const asked = countRunTimes()
    expect(counted()).toEqual({ runs: 100, took: true })
    asked.close()
    if (readFileSync(SYSCTL, 'utf8') === '0\n') expect(counted().runs).toBe(0)
  })

  // the kernel takes it as one that leaves the machine, unless a struct nf_hook_state as context says otherwise
  test('netfilter: a program sees the packet from its network layer on, and decides', () => {
    const packet = FRAME.subarray(14)
    const text = `
      r1 = *(u64 *)(r1 + ${member('bpf_nf_ctx', 'skb')})
      r1 = *(u32 *)(r1 + ${member('sk_buff', 'len')})
      r0 = 1
      if r1 == ${packet.length} goto end
      r0 = 0
    end:
      exit`
    using program = loadProgram(assemble(text), { type: 'NETFILTER', name: 'netfilter' })
    expect(program.run({ data: packet }).retval).toBe(1)
    expect(program.run({ data: FRAME }).retval).toBe(0)
  })
})
