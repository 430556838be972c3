/** The compiler and lua5.4 accept the same texts, and say the same of the others: the first cases of `npm run fuzz -- --mode compiler`. */
import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'
import { COMPILER_MODE } from '../tools/fuzz/compiler-mode.ts'
import { testUnless } from './needs.fixture.ts'

const CASES = 300
const installed = spawnSync('lua5.4', ['-v']).error === undefined

testUnless(!installed && 'lua5.4 is not installed')(`lua5.4 says the same of ${CASES} texts`, async () => {
  const run = await COMPILER_MODE.start({ kernel: false })
  const differences: string[] = []
  for (let seed = 0; seed < CASES; seed++) {
    const difference = await run.difference(seed)
    if (difference !== undefined) differences.push(`seed ${seed}: ${difference}`)
  }
  run.close?.()
  expect(differences).toEqual([])
})
