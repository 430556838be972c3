/**
 * A process that attaches the hand-written filter to netfilter/local-in of its network namespace, for IPv4. For each line
 * that it reads it prints the run times so far, and it detaches at the end of its input.
 */
import { createInterface } from 'node:readline'
import { createLink } from '../../src/kernel/link.ts'
import { loadProgram } from '../../src/kernel/load-program.ts'
import { systemCalls } from '../../src/kernel/system.ts'
import { assembledFilter } from './assembled-filter.ts'

const LOCAL_IN = 1
const IPV4 = 2

using program = loadProgram(assembledFilter(), { type: 'NETFILTER', name: 'yardstick' })
const details = { 'netfilter.pf': IPV4, 'netfilter.hooknum': LOCAL_IN, 'netfilter.priority': 0 }
using link = createLink(systemCalls(), 'netfilter/local-in', program, { attachType: 'NETFILTER', details })
process.stdout.write('ready\n')
for await (const _line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(program.runTimes())}\n`)
// at once, where the kernel would take its time after the last descriptor
link.detach()
