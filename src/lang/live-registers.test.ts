import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compile } from './compile.ts'
import { CONSTRUCTS } from './constructs.fixture.ts'
import { CompileError } from './diagnostics.ts'
import { randomProgram } from './random-program.fixture.ts'
import { type ReadProto, readChunk } from './read-chunk.ts'

const CORPUS = new URL('../../test/lua/', import.meta.url)

function protosOf(source: string | Buffer): readonly ReadProto[] {
  try {
    return readChunk(compile(source, { name: '=x' })).protos
  } catch (error) {
    if (error instanceof CompileError) return []
    throw error
  }
}

/** Jumps backwards to where more registers are in use than those of variables: one walk would not be enough there. */
function wrongJumps(proto: ReadProto): string[] {
  const wrong: string[] = []
  for (const { opcode, word, d, literal } of proto.code) {
    const target = word + (literal ? 2 : 1) + d / 8
    if (opcode.d !== 'jump' || target > word) continue
    if (proto.code.some((at) => at.word === target && at.opcode.name === 'TFORCALL')) continue // an empty body
    const inScope = proto.locals.filter(({ start, end }) => start <= target && target < end).length
    const live = proto.live[target]!
    if (live > inScope) wrong.push(`${opcode.name} at ${word} to ${target}: ${live}, not ${inScope}`)
  }
  return wrong
}

test('jumps backwards go to where only variables are in use', () => {
  const sources: (string | Buffer)[] = Object.values(CONSTRUCTS).map((textOf) => textOf(2000))
  for (let seed = 1; seed <= 100; seed++) sources.push(randomProgram(seed))
  for (const name of readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.lua')) sources.push(readFileSync(new URL(name, CORPUS)))
  const protos = sources.flatMap(protosOf)
  const jumps = protos.flatMap(({ code }) => code).filter(({ opcode, d }) => opcode.d === 'jump' && d < 0)
  expect(jumps.length).toBeGreaterThan(1000)
  expect(protos.flatMap(wrongJumps)).toEqual([])
})
