import { expect, test } from 'vitest'
import { complaintsIn } from './kernel-messages.ts'

test.each([
  '[   12.345678] WARNING: CPU: 1 PID: 77 at kernel/bpf/verifier.c:1234 check_func+0x1/0x2',
  '[   12.345678] WARNING: kernel/bpf/verifier.c:1234 at check_func+0x1/0x2, CPU#1: node/77',
  '[   12.345678] BUG: unable to handle page fault for address: ffff888000000000',
  '[   12.345678] Oops: 0000 [#1] PREEMPT SMP',
  '[   12.345678][   T77] kernel BUG at mm/slub.c:1!',
  '[   12.345678] watchdog: BUG: soft lockup - CPU#0 stuck for 26s!',
  '[   12.345678] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
  '[   12.345678] verifier bug: REG INVARIANTS VIOLATION (alu)',
  '[   12.345678] Out of memory: Killed process 77 (node) total-vm:1kB',
  '[   12.345678] node[77]: segfault at 0 ip 0000000000000000 sp 0000000000000000 error 4',
  '[   12.345678] UBSAN: array-index-out-of-bounds in x.c:1:2',
])('%s', (line) => {
  const [complaint] = complaintsIn(`[    1.000000] Booting\n${line}\n${line}\n`)
  expect(complaint).toBe(line.replace(/^(\[.*?\])+ /, ''))
  expect(complaintsIn(`${line}\n${line}`)).toHaveLength(1)
})

test('what every guest says is none', () => {
  const lines = [
    '[    0.000000] Linux version 6.12.117+deb13-amd64',
    '[    0.100000] RETBleed: Vulnerable',
    '[    0.200000] Spectre V2 : WARNING not at the beginning of anything',
    '[    4.960659] evm: overlay not supported',
    '[    1.000000] debug: kmemleak disabled',
  ]
  expect(complaintsIn(lines.join('\n'))).toEqual([])
})
