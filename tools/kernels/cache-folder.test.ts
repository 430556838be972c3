import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { cacheFolder } from './cache-folder.ts'

test('below the cache of the user; a relative one is ignored, as the XDG specification says', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/moonring/kernels')
  expect(cacheFolder({ XDG_CACHE_HOME: 'c' })).toBe(`${homedir()}/.cache/moonring/kernels`)
  expect(cacheFolder({})).toBe(`${homedir()}/.cache/moonring/kernels`)
})
