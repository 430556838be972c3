import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeInKernel } from '../../src/kernel/kernel.fixture.ts'
import { loadProgram } from '../../src/kernel/load-program.ts'
import { State } from '../../src/state/state.ts'
import { assembledFilter } from './assembled-filter.ts'

const SCRIPT = readFileSync(join(import.meta.dirname, '../../examples/ssh-filter.lua'), 'utf8')

/** A packet of IPv4 and TCP with options of 12 bytes. */
function packet(payload: string): { bytes: Uint8Array; header: number } {
  const header = Buffer.alloc(52)
  header[0] = 0x45
  header[9] = 6
  header[32] = 8 << 4
  return { bytes: Buffer.concat([header, Buffer.from(payload, 'latin1')]), header: header.length }
}

describeInKernel('the assembled SSH filter', () => {
  test.each([
    'SSH-2.0-OpenSSH_6.4\r\n',
    'SSH-2.0-OpenSSH_6.4',
    'SSH-2.0-OpenSSH_6.4-more',
    'SSH-2.0-OpenSSH_6.4p1 Debian\r\n',
    'SSH-2.0-OpenSSH_9.2p1\r\n',
    'SSH--OpenSSH_6.4',
    'SSSH-1-OpenSSH_6.4 x',
    'a greeting\r\nSSH-2.0-OpenSSH_6.4\r\n',
    `${'x'.repeat(240)}SSH-2.0-OpenSSH_6.4`,
    `${'x'.repeat(235)}SSH-2.0-OpenSSH_6.4`,
    `${'S'.repeat(400)}`,
    'x',
    '',
  ])('decides as the script does: %j', (payload) => {
    using program = loadProgram(assembledFilter(), { type: 'NETFILTER', name: 'assembled' })
    using state = new State()
    state.loadSync(SCRIPT, { name: 'ssh-filter' })
    const { bytes, header } = packet(payload)
    const [verdict] = state.callSync('filter', bytes.subarray(0, header), bytes.subarray(header))
    expect(program.run({ data: bytes }).retval).toBe(verdict ? 1 : 0)
  })
})
