/** Every function that scripts have is described in src/isa/reference, and nothing else is. */
import { describe, expect, test } from 'vitest'
import { LIBRARIES, State, SUBSYSTEMS } from '../src/index.ts'
import { BASIC, REFERENCE } from '../src/isa/reference/index.ts'
import { parseSignature } from '../tools/generate/signature.ts'

/** Fields of the globals, or of one of them: functions and values, without tables but `_G`. */
const LIST = `local library = ...
local names = {}
for name, value in pairs(library and _G[library] or _G) do
  if type(value) ~= 'table' or name == '_G' then names[#names + 1] = name end
end
table.sort(names)
return table.concat(names, ' ')`

function namesIn(library: string | undefined): string[] {
  const readFile = () => Buffer.from('')
  const state = new State({ readFile })
  try {
    state.loadSync(`function list(...) ${LIST} end`)
    const own = ['list']
    const [names] = state.callSync('list', ...(library === undefined ? [] : [library]))
    return String(names)
      .split(' ')
      .filter((name) => !own.includes(name))
  } finally {
    state.close()
  }
}

const described = (library: string): string[] => {
  const { functions, values } = REFERENCE[library] as (typeof REFERENCE)[string]
  return [...Object.keys(functions), ...Object.keys(values ?? {})].sort()
}

describe('what is described is what there is', () => {
  test('basic functions', () => expect(namesIn(undefined)).toEqual(described(BASIC)))
  test.each(LIBRARIES)('%s', (library) => expect(namesIn(library)).toEqual(described(library)))

  const libraries = new Map(
    SUBSYSTEMS.flatMap((subsystem) => subsystem.libraries.map((each) => [each.name, each])),
  )
  test.each([...libraries].map(([name, { functions }]) => [name, functions] as const))(
    '%s',
    (name, functions) => {
      expect(Object.keys(functions).sort()).toEqual(described(name))
    },
  )
})

describe('signatures', () => {
  test('are read', () => {
    expect(parseSignature('(a: integer, b?: table<string, any>, ...: any): string|nil, integer')).toEqual({
      parameters: [
        { name: 'a', optional: false, type: 'integer' },
        { name: 'b', optional: true, type: 'table<string, any>' },
        { name: '...', optional: false, type: 'any' },
      ],
      results: ['string|nil', 'integer'],
    })
    expect(parseSignature('()')).toEqual({ parameters: [], results: [] })
  })

  test.each(['', 'x', '(a)', '(a: )'])('refused: %s', (text) =>
    expect(() => parseSignature(text)).toThrow('Cannot read'),
  )
})
