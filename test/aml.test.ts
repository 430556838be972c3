import { expect, test } from 'vitest'
import { integer, name, packageOf, path, portField, portRegister, scope } from './aml.fixture.ts'

// expected bytes are those of the examples in chapter 20 of the ACPI specification and of iasl's listings
test.each([
  ['One', integer(1), '01'],
  ['a byte', integer(0x57), '0a 57'],
  ['a word', integer(3000), '0b b8 0b'],
  ['a double word', integer(0x12345678), '0c 78 56 34 12'],
  ['a name', path('_PSS'), '5f 50 53 53'],
  ['two segments', path('\\_SB_.CPUS'), '5c 2e 5f 53 42 5f 43 50 55 53'],
  ['three segments', path('\\_SB_.CPUS.C000'), '5c 2f 03 5f 53 42 5f 43 50 55 53 43 30 30 30'],
  ['Name (_PPC, Zero)', name('_PPC', integer(0)), '08 5f 50 50 43 00'],
  ['Package () {One, 0x10}', packageOf([integer(1), integer(16)]), '12 05 02 01 0a 10'],
  [
    'ResourceTemplate () {Register (SystemIO, 8, 0, 0x81)}',
    portRegister(0x81),
    '11 14 0a 11 82 0c 00 01 08 00 01 81 00 00 00 00 00 00 00 79 00',
  ],
  [
    'OperationRegion and Field',
    portField('PORT', 0x87, 'DEGC'),
    '5b 80 50 4f 52 54 01 0a 87 01 5b 81 0b 50 4f 52 54 01 44 45 47 43 08',
  ],
])('%s', (_, aml, bytes) => {
  expect(Buffer.from(aml).toString('hex')).toBe(bytes.replaceAll(' ', ''))
})

test('lengths from 63 bytes on take more than one byte', () => {
  const long = scope('\\_TZ_', [Array(100).fill(0)])
  expect(Buffer.from(long.slice(0, 3)).toString('hex')).toBe('104b06') // 0x6b: two bytes of length, path, 100
  expect(long).toHaveLength(0x6b + 1)
})

test('names have segments of four characters', () => {
  expect(() => path('_SB')).toThrow(/Cannot encode the name '_SB'/)
})
