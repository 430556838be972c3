import { expect, test } from 'vitest'
import { HELP, parseOptions } from './options.ts'

test('by default', () => {
  expect(parseOptions([])).toEqual({
    kernels: ['6.12', '6.18', 'newest'],
    chosen: false,
    tests: undefined,
    timeoutSeconds: 7200,
    list: false,
    keep: false,
    json: false,
    writeDocs: false,
    help: false,
  })
})

test('kernels are chosen one by one or in a list', () => {
  expect(parseOptions(['--kernel', '6.12', '--kernel', '6.18,newest'])).toMatchObject({
    kernels: ['6.12', '6.18', 'newest'],
    chosen: true,
  })
})

test.each([
  [['--nonesuch'], "Unknown option '--nonesuch'"],
  [['--timeout', '0'], '--timeout 0 is no number of seconds'],
  [['--timeout', 'soon'], '--timeout soon is no number of seconds'],
  [['6.12'], "Unexpected argument '6.12'"],
])('%j is refused', (args, problem) => {
  expect(() => parseOptions(args)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining(`Cannot read the options: ${problem}`),
    }),
  )
})

test('the help names every option', () => {
  for (const name of ['kernel', 'tests', 'timeout', 'list', 'keep', 'json', 'write-docs', 'help'])
    expect(HELP).toMatch(new RegExp(`^  --${name} `, 'm'))
})
