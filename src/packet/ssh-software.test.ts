import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf } from '../../tools/packets/sample-packets.ts'
import { parseSshSoftware } from './ssh-software.ts'

function software(text: string): string | undefined {
  const bytes = bytesOf('<<', text, '>>')
  return parseSshSoftware(bytes, 2, bytes.length - 2)
}

const CASES: [payload: string, software: string | undefined][] = [
  ['SSH-2.0-OpenSSH_6.4\r\n', 'OpenSSH_6.4'],
  ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n', 'OpenSSH_9.2p1'],
  ['SSH-2.0-OpenSSH-keyscan\r\n', 'OpenSSH-keyscan'],
  ['SSH-1.99-Cisco-1.25\n', 'Cisco-1.25'],
  ['SSH-2.0-dropbear_2022.83', 'dropbear_2022.83'],
  ['welcome\r\nto this host\r\nSSH-2.0-x\r\n', 'x'],
  ['SSH-2.0-', undefined],
  ['SSH-2.0-\x1b[31m\r\n', undefined],
  ['SSH-2.0-a\x1b[31m\r\n', 'a'],
  ['GET /?SSH-2.0-OpenSSH_6.4 HTTP/1.1\r\n', undefined],
  ['SSH', undefined],
  ['', undefined],
]
for (const [payload, expected] of CASES) {
  test(JSON.stringify(payload), () => expect(software(payload)).toBe(expected))
}

test('what follows the payload in the buffer is not read', () => {
  const bytes = bytesOf('SSH-2.0-OpenSSH_6.4')
  expect(parseSshSoftware(bytes, 0, 15)).toBe('OpenSSH')
  expect(parseSshSoftware(bytes, 0, 8)).toBeUndefined()
  expect(parseSshSoftware(bytesOf('a\nSSH-2.0-x'), 0, 2)).toBeUndefined()
})

test('any bytes give printable ASCII or nothing', () => {
  const lines = fc
    .array(fc.constantFrom('SSH-', '2.0-', '\n', ' ', '\x1b[2J', 'é', 'x'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(lines, (text) => {
      expect(software(text) ?? 'x').toMatch(/^[!-~]+$/)
    }),
  )
})
