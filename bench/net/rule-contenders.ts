/** Rules of the kernel's packet filters: what the machine offers without any program. */
import type { Namespace } from '../../tools/network/network.ts'
import { programPath } from '../../tools/network/required-programs.ts'
import type { Active, Contender } from './contender.ts'

const need = (program: string) => () =>
  programPath(program) === undefined ? `${program} is not installed` : undefined

/** Runs a program to its end. */
function done(namespace: Namespace, command: readonly string[], input = ''): void {
  const { exit, out, err } = namespace.run(command, input)
  if (exit !== 0) throw new Error(`${command.join(' ')}: ${out}${err}`)
}

/** A set of rules of nft(8), as its own table. */
function withRules(namespace: Namespace, chain: string): Active {
  done(namespace, ['nft', '-f', '-'], `table inet bench {\nchain bench {\n${chain}\n}\n}\n`)
  return { stop: () => done(namespace, ['nft', 'delete', 'table', 'inet', 'bench']) }
}

export const nothing: Contender = {
  name: 'no filter',
  missing: () => undefined,
  start: () => ({ stop() {} }),
}

const hex = (text: string) => `0x${Buffer.from(text).toString('hex')}`

/**
 * nft can't search: it compares the bytes behind a TCP header with 12 bytes of options, which is where the announcement of
 * a server begins. An expression has at most 16 bytes.
 */
export const nftPayload: Contender = {
  name: 'nft, bytes at a fixed place',
  missing: need('nft'),
  start: ({ middle }) =>
    withRules(
      middle,
      `type filter hook input priority 0
       meta l4proto tcp @th,256,64 ${hex('SSH-2.0-')} @th,320,88 ${hex('OpenSSH_6.4')} drop`,
    ),
}

/** Only for IPv4, as all of its rules. */
function withIptables(name: string, rule: readonly string[], start?: Contender['start']): Contender {
  return {
    name,
    missing: need('iptables'),
    async start(place) {
      const active = await start?.(place)
      const change = (action: string) => done(place.middle, ['iptables', '-w', action, 'INPUT', ...rule])
      change('-A')
      return {
        async stop() {
          change('-D')
          await active?.stop()
        },
      }
    },
  }
}

export const iptablesString: Contender = withIptables('iptables, string match', [
  ...['-m', 'string', '--algo', 'bm', '--string', 'OpenSSH_6.4', '-j', 'DROP'],
])

/** Packets go to a process, which runs the script: queue-filter.ts. */
export const queue: Contender = withIptables(
  'NFQUEUE, the script in a process',
  ['-j', 'NFQUEUE', '--queue-num', '0'],
  async ({ middle }) => {
    const service = middle.start(process.execPath, `${import.meta.dirname}/queue-filter.js`)
    await service.said(/ready/)
    return {
      async stop() {
        await service.stop()
      },
    }
  },
)

export const nftMasquerade: Contender = {
  name: 'nft masquerade',
  missing: need('nft'),
  start: ({ middle, outside }) =>
    withRules(middle, `type nat hook postrouting priority 100\noifname "${outside.name}" masquerade`),
}
