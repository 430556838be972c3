/** The library `linux`: what scripts of every hook may ask the system. */
import { randomBytes } from 'node:crypto'
import { getSystemErrorName } from 'node:util'
import { describedLibrary } from '../hook/described-library.ts'
import type { Library } from '../hook/subsystem.ts'
import { findDevice } from '../kernel/network.ts'
import type { LuaValue } from '../state/memory.ts'
import { nanosecondsSinceBoot } from '../state/time.ts'

/** The number of a network interface of this network namespace. */
function interfaceIndex(name: LuaValue): number | null {
  if (typeof name !== 'string') return null
  try {
    return findDevice(name).index
  } catch {
    return null
  }
}

function errorName(number: LuaValue): string | null {
  if (typeof number !== 'number' || number === 0) return null
  const name = getSystemErrorName(-Math.abs(number))
  return name.startsWith('E') ? name : null
}

export const linux: Library = describedLibrary('linux', {
  time: {
    user: () => nanosecondsSinceBoot(),
    kernel: { parameters: 0, code: 'call bpf_ktime_get_boot_ns' },
  },
  random: {
    user: () => randomBytes(4).readUInt32LE(),
    kernel: { parameters: 0, code: 'call bpf_get_prandom_u32' },
  },
  ifindex: { user: interfaceIndex },
  errname: { user: errorName },
})
