import { expect, test } from 'vitest'
import { debianRepository, privateOptions, sourcesList } from './debian-source.ts'

const target = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

const MAIN = { Label: 'Debian', Component: 'main', 'Created-By': 'Packages' }

test("the repository of Debian's main archive, among others", () => {
  const targets = [
    { ...MAIN, Label: 'Debian-Security', 'Repo-URI': 'http://security.example/debian-security/' },
    { ...MAIN, Label: 'Other', 'Repo-URI': 'http://other.example/' },
    { ...MAIN, 'Created-By': 'Contents-deb', 'Repo-URI': 'http://contents.example/' },
    { ...MAIN, Component: 'contrib', 'Repo-URI': 'http://contrib.example/' },
    { ...MAIN, 'Repo-URI': 'http://mirror.example/debian/' },
  ]
  expect(debianRepository(targets.map(target).join('\n\n'))).toBe('http://mirror.example/debian/')
})

test('without one, what to do is told', () => {
  expect(() => debianRepository('')).toThrow(
    expect.objectContaining({ exitCode: 4, code: 'KERNELS_NO_DEBIAN_SOURCE' }),
  )
})

test('a private list names the same repository and the keys', () => {
  expect(sourcesList('http://mirror.example/debian/', '/keys.gpg')).toBe(
    ['trixie', 'trixie-updates', 'trixie-backports']
      .map((suite) => `deb [signed-by=/keys.gpg] http://mirror.example/debian/ ${suite} main\n`)
      .join(''),
  )
  expect(sourcesList('http://mirror.example/debian/', undefined)).toMatch(/^deb http:/)
})

test("no list, cache or status of the machine's is used", () => {
  const options = privateOptions('/private').filter((option) => option.startsWith('Dir::'))
  for (const option of options) expect(option).toMatch(/=(\/private\/|\/dev\/null$)/)
  expect(options.map((option) => option.split('=')[0])).toEqual(
    expect.arrayContaining([
      'Dir::Etc::SourceList',
      'Dir::Etc::SourceParts',
      'Dir::State::Lists',
      'Dir::Cache',
    ]),
  )
})
