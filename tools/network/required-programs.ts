/** What tests and benchmarks on networks need from the machine besides Node. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

/** Packages of Debian by the programs that they have. */
const PACKAGES: Readonly<Record<string, string>> = {
  ethtool: 'ethtool',
  ip: 'iproute2',
  iperf3: 'iperf3',
  iptables: 'iptables',
  nft: 'nftables',
  nsenter: 'util-linux',
  python3: 'python3',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  tc: 'iproute2',
  tcpdump: 'tcpdump',
}
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']

/** Where a program is; undefined if it is not installed. */
export function programPath(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path))
}

/** The first thing that is missing to make networks and to use these programs, and how to get it. */
export function missingFor(programs: readonly string[]): string | undefined {
  for (const name of ['ip', 'nsenter', 'tc', ...programs])
    if (programPath(name) === undefined)
      return `${name} is not installed: apt install ${PACKAGES[name] ?? name}`
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  return spawnSync('unshare', ['--net', 'true']).status === 0
    ? undefined
    : 'this machine has no network namespaces'
}
