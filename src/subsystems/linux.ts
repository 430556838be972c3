/** The library `linux`: what every script may ask the system. */
import { randomBytes } from 'node:crypto'
import { defineLibrary, type Library } from '../hook/subsystem.ts'
import { nanosecondsSinceBoot } from '../state/time.ts'

export const linux: Library = defineLibrary({
  name: 'linux',
  functions: {
    time: {
      signature: 'linux.time(): integer',
      summary: 'nanoseconds since boot, with the time of being suspended',
      user: () => nanosecondsSinceBoot(),
      kernel: { parameters: 0, code: '  call bpf_ktime_get_boot_ns' },
    },
    random: {
      signature: 'linux.random(): integer',
      summary: '32 random bits',
      user: () => randomBytes(4).readUInt32LE(),
      kernel: { parameters: 0, code: '  call bpf_get_prandom_u32' },
    },
  },
})
