/**
 * Programs made from a seed, run by the VM and by lua5.4: what they print must be the same. The seeds are
 * fixed, so that a failure can be run again; `npm run fuzz` runs others for as long as it is told.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { State } from '../src/index.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { PROGRAMS } from '../src/lang/programs.fixture.ts'
import { randomProgram } from '../src/lang/random-program.fixture.ts'
import { KernelRunner, runInUserSpace } from '../tools/fuzz/engines.ts'
import { programOf, sourceOf } from '../tools/fuzz/program.ts'
import { comparable, runReference } from '../tools/fuzz/reference.ts'
import { shrink } from '../tools/fuzz/shrink.ts'
import { compound, render } from '../tools/fuzz/tree.ts'
import { describeUnless } from './needs.fixture.ts'

const installed = spawnSync('lua5.4', ['-v']).error === undefined

/** Both sides stop at the first error; its message is not compared, differential.test.ts does that. */
const guarded = (source: string): string =>
  `if not pcall(function(...) ${source}\nend) then print('error') end`

function ours(source: string): string {
  const printed: Uint8Array[] = []
  const state = new State({ fuel: 50_000_000, output: (text) => printed.push(text) })
  state.loadSync(guarded(source), { name: 'program' })
  state.close()
  return Buffer.concat(printed).toString('latin1')
}

/** Output of many programs from one process: each is a chunk of its own, with a mark behind it. */
function theirs(sources: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
  try {
    for (const [i, source] of sources.entries()) writeFileSync(join(folder, `${i}.lua`), guarded(source))
    const runner = join(folder, 'runner.lua')
    writeFileSync(
      runner,
      `for i = 0, ${sources.length - 1} do
        local env = setmetatable({}, { __index = _G })
        env._G = env
        assert(loadfile('${folder}/' .. i .. '.lua', 't', env))()
        io.write('\\1')
      end`,
    )
    const { stdout } = spawnSync('lua5.4', [runner], { encoding: 'latin1', maxBuffer: 1 << 28 })
    return stdout.split('\x01')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describeUnless(!installed && 'lua5.4 is not installed')('lua5.4 and the VM agree', () => {
  test('on small programs', () => {
    const sources = Object.values(PROGRAMS)
    const expected = theirs(sources)
    const plain = (text: string | undefined) => text?.replace(/0x[0-9a-f]+/g, '0x…')
    for (const [i, source] of sources.entries()) expect(plain(ours(source)), source).toBe(plain(expected[i]))
  })

  test('on random expressions', () => {
    const sources = Array.from({ length: 150 }, (_, i) => randomProgram(1 + i))
    const expected = theirs(sources)
    for (const [i, source] of sources.entries())
      expect(ours(source), `seed ${1 + i}:\n${source}`).toBe(expected[i])
  }, 120_000)
})

/** Programs over the whole language; `npm run fuzz` runs others. */
const SEEDS = Array.from({ length: 240 }, (_, i) => 1 + i)

describeUnless(!installed && 'lua5.4 is not installed')(
  'random programs print what they print in lua5.4',
  () => {
    const programs = SEEDS.map((seed) => sourceOf(programOf(seed)))
    let expected: (string | undefined)[] = []
    beforeAll(() => {
      expected = runReference(programs)
    }, 60_000)

    /** Runs every n-th program. */
    function compare(run: (source: string) => string, n: number): void {
      let compared = 0
      for (const [i, output] of expected.entries()) {
        if (i % n !== 0 || !comparable(output)) continue
        compared++
        expect(run(programs[i] as string), `seed ${SEEDS[i]}: npm run fuzz -- --seed ${SEEDS[i]}`).toBe(
          output,
        )
      }
      expect(compared).toBeGreaterThan((0.9 * SEEDS.length) / n)
    }

    test('in user space', () => compare(runInUserSpace, 1), 120_000)

    describeInKernel('in the kernel', () => {
      test('every fourth', () => {
        const kernel = new KernelRunner()
        try {
          compare((source) => kernel.run(source), 4)
        } finally {
          kernel.close()
        }
      }, 120_000)
    })

    test('the same seed makes the same program, another seed another', () => {
      expect(sourceOf(programOf(5))).toBe(programs[4])
      expect(new Set(programs).size).toBe(programs.length)
    })
  },
)

describe('a program with a difference is made smaller', () => {
  test('to the statements that matter', () => {
    const program = [
      compound('do', ['local a = 1', compound('if a then', ['f(x, (g(1, 2)))', 'h()'])]),
      'k()',
    ]
    const small = shrink(program, (nodes) => /f\(/.test(render(nodes)), 200)
    expect(render(small)).toBe('f(1)\n')
  })

  test('but not where nothing less shows it', () => {
    expect(shrink(['a()', 'b()'], (nodes) => nodes.length === 2, 50)).toEqual(['a()', 'b()'])
  })
})
