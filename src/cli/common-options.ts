/** What several commands have in common. */

import type { Command } from 'commander'
import type { ExitCode } from './command-error.ts'

/** Receives the exit code of the command that was run. */
export type Done = (exit: ExitCode) => void

export const MEMORY = [
  '--memory <SIZE>',
  'memory of the state, 64K to 1G, in the kernel to 128M (default: 1M)',
] as const
export const ALLOW = [
  '--allow <LIB,…>',
  'libraries besides the basic functions: coroutine, string, table, math, utf8, data, debug, or none (default: all)',
] as const

/** Which packets a function is called for: options of all commands that ask about packets. */
const MATCH = [
  ['--proto <NAME>', 'this protocol only: tcp, udp, icmp, … or a number'],
  ['--port <PORTS>', 'this source or destination port, or range (1024-65535)'],
  ['--sport <PORTS>', 'this source port or range'],
  ['--dport <PORTS>', 'this destination port or range'],
  ['--saddr <NETWORK>', 'this source address or network (10.0.0.0/8, fd00::/8)'],
  ['--daddr <NETWORK>', 'this destination address or network'],
  ['--ethertype <TYPE>', 'this EtherType: arp, lldp, … , a number, or any (default: IP)'],
] as const

/** Adds them to a command, whose help says `word` before each: `for this protocol only`. */
export function addMatchOptions(command: Command, word: string): void {
  for (const [flags, description] of MATCH) command.option(flags, `${word} ${description}`)
}
