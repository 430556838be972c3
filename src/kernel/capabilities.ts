/** Which capabilities this process has, and which it lacks for what it wants to do (capabilities(7)). */
import { readFileSync } from 'node:fs'

/** Bits of the capabilities that bpf(2) asks for, from include/uapi/linux/capability.h. */
const BITS = {
  CAP_NET_ADMIN: 12n,
  CAP_SYS_ADMIN: 21n,
  CAP_SYS_RESOURCE: 24n,
  CAP_PERFMON: 38n,
  CAP_BPF: 39n,
} as const

export type Capability = keyof typeof BITS

/** CAP_SYS_ADMIN stands for these in bpf(2): they were split off from it. */
const PART_OF_ADMIN: readonly Capability[] = ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']

/** Reads a file of /proc; undefined where it isn't there. */
export type ReadText = (path: string) => string | undefined

export const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Those of the wanted capabilities that this process lacks, in their order. */
export function missingCapabilities(wanted: readonly Capability[], read: ReadText = readText): Capability[] {
  const [, digits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(read('/proc/self/status') ?? '') ?? []
  if (digits === undefined) return []
  const effective = BigInt(`0x${digits}`)
  const has = (name: Capability) => ((effective >> BITS[name]) & 1n) === 1n
  return wanted.filter((name) => !has(name) && !(PART_OF_ADMIN.includes(name) && has('CAP_SYS_ADMIN')))
}

/** Whether this process lives in a user namespace, whose capabilities count for nothing in bpf(2). */
export function inUserNamespace(read: ReadText = readText): boolean {
  const map = read('/proc/self/uid_map')
  return map !== undefined && !/^\s*0\s+0\s+4294967295\s*$/.test(map)
}
