/**
 * Programs made from a seed, run by the VM and by lua5.4: what they print must be the same. The seeds are
 * fixed, so that a failure can be run again; MOONRING_SEEDS=FROM,TO runs others.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { State } from '../src/index.ts'
import { PROGRAMS } from '../src/lang/programs.fixture.ts'
import { randomProgram } from '../src/lang/random-program.fixture.ts'

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

describe.skipIf(!installed)('lua5.4 and the VM agree', () => {
  test('on small programs', () => {
    const sources = Object.values(PROGRAMS)
    const expected = theirs(sources)
    const plain = (text: string | undefined) => text?.replace(/0x[0-9a-f]+/g, '0x…')
    for (const [i, source] of sources.entries()) expect(plain(ours(source)), source).toBe(plain(expected[i]))
  })

  const [from, to] = (process.env.MOONRING_SEEDS ?? '1,301').split(',').map(Number) as [number, number]
  test(`on random programs, seeds ${from} to ${to - 1}`, () => {
    const sources = Array.from({ length: to - from }, (_, i) => randomProgram(from + i))
    const expected = theirs(sources)
    for (const [i, source] of sources.entries())
      expect(ours(source), `seed ${from + i}:\n${source}`).toBe(expected[i])
  }, 120_000)
})
