import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { compile } from './compile.ts'
import { callValue, evaluate, Raised, raise, Table, typeOf, type Value } from './evaluate.fixture.ts'
import { PROGRAMS } from './programs.fixture.ts'
import { randomProgram } from './random-program.fixture.ts'
import { type ReadChunk, readChunk } from './read-chunk.ts'

function show(value: Value): string {
  if (value === undefined) return 'nil'
  return ['table', 'function'].includes(typeOf(value)) ? typeOf(value) : String(value)
}

/** The functions that programs may use, `print` into `output`. */
function globals(output: string[], chunk: ReadChunk): Table {
  const table = new Table()
  const { map } = table
  map.set('print', (args: Value[]) => {
    output.push(args.map(show).join('\t'))
    return []
  })
  map.set('setmetatable', ([object, meta]: Value[]) => {
    const table = object as Table
    table.meta = meta as Table
    return [object]
  })
  map.set('select', ([n, ...rest]: Value[]) =>
    n === '#' ? [BigInt(rest.length)] : rest.slice(Number(n) - 1),
  )
  map.set('next', ([object, key]: Value[]) => {
    const entries = [...(object as Table).map]
    return entries[key === undefined ? 0 : entries.findIndex(([k]) => k === key) + 1] ?? [undefined]
  })
  map.set('error', ([message]: Value[]) => raise(String(message)))
  map.set('pcall', ([f, ...args]: Value[]) => {
    try {
      return [true, ...callValue(chunk, f, args)]
    } catch (error) {
      if (!(error instanceof Raised)) throw error
      return [false, error.message]
    }
  })
  map.set('_G', table)
  return table
}

function run(source: string): string {
  const output: string[] = []
  const bytes = compile(source, { name: '=program' })
  try {
    evaluate(bytes, globals(output, readChunk(bytes)))
  } catch (error) {
    if (!(error instanceof Raised)) throw error
    output.push('error')
  }
  return output.join('\n')
}

/** Lua code that runs a source and prints as `show` does, with a mark after it. */
function forReference(source: string): string {
  return `do
    local env = setmetatable({}, {__index = _G}) env._G = env
    function env.print(...)
      local t = table.pack(...)
      for i = 1, t.n do t[i] = (type(t[i]) == 'table' or type(t[i]) == 'function') and type(t[i]) or tostring(t[i]) end
      print(table.concat(t, '\\t'))
    end
    function env.pcall(...) local t = table.pack(pcall(...)) if not t[1] then t[2] = 'message' end return table.unpack(t, 1, t.n) end
    if not pcall(assert(load([==[${source}]==], '=program', 't', env))) then print('error') end
    print('${MARK}')
  end
  `
}

const MARK = '----'

function runReference(sources: readonly string[]): string[] {
  const input = sources.map(forReference).join('\n')
  const output = execFileSync('lua5.4', ['-'], { input, maxBuffer: 1 << 26, timeout: 20_000 }).toString(
    'utf8',
  )
  return output.split(`${MARK}\n`).map((part) => part.trimEnd())
}

const reference = spawnSync('lua5.4', ['-v']).status === 0

describeUnless(!reference && 'lua5.4 is not installed')('against lua5.4', () => {
  const names = Object.keys(PROGRAMS)
  const expected = reference ? runReference(Object.values(PROGRAMS)) : []

  test.each(names.map((name, i) => [name, i] as const))('%s', (name, i) => {
    expect(run(PROGRAMS[name]!)).toBe(expected[i])
  })

  test('random programs', () => {
    const programs = Array.from({ length: 200 }, (_, seed) => randomProgram(seed))
    const said = runReference(programs)
    for (const [i, program] of programs.entries()) {
      expect(run(program), program).toBe(said[i])
    }
  })
})

describe('determinism', () => {
  test.each(Object.entries(PROGRAMS))('%s: the same text gives the same bytes', (_, source) => {
    const options = { name: '@a.lua' }
    expect(compile(source, options)).toEqual(compile(Buffer.from(source), options))
  })
})
