/** Round trips of any values, in both directions and both engines: what goes in comes out the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeEngines } from '../../test/kernel-state.fixture.ts'
import type { Argument } from './argument.ts'

const MIN = -(2n ** 63n)
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: MIN, max: -MIN - 1n }).filter((n) => n > 2n ** 53n || n < -(2n ** 53n)),
)
const text = fc.string({ unit: 'grapheme' })
const bytes = fc.uint8Array({ maxLength: 60 }).filter((value) => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(value)
    return false // comes back as text
  } catch {
    return true
  }
})
const scalar = fc.oneof(integer, text, fc.boolean())

/** Values that have one form in Lua and come back as they were. */
const { value } = fc.letrec<{ value: Argument }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    bytes,
    fc.array(tie('value'), { maxLength: 8 }),
    // no sequence: it would come back as an array
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { minLength: 1, maxLength: 6, selector: ([key]) => key })
      .map((pairs) => new Map(pairs)),
  ),
}))

describeEngines('round trips', (create) => {
  test('of values through a function', () => {
    const state = create({ seed: 1 })
    state.loadSync('function same(...) return ... end')
    fc.assert(
      fc.property(value, (given) => {
        expect(state.callSync('same', [given])).toEqual([[given]])
        expect(state.callSync('same', new Map([['k', given]]))).toEqual([new Map([['k', given]])])
      }),
      { numRuns: 300 },
    )
  })

  test('of plain objects', () => {
    const state = create({ seed: 1, tables: 'plain' })
    state.loadSync('function same(...) return ... end')
    const object = fc.dictionary(text, fc.oneof(scalar, fc.array(scalar)), {
      minKeys: 1,
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(object, (given) => {
        expect(state.callSync('same', [given])).toEqual([[given]])
      }),
      { numRuns: 300 },
    )
  })

  test('of what scripts have, which is told apart in JavaScript as in Lua', () => {
    const state = create({ seed: 1 })
    state.loadSync(
      'function text(v) return math.type(v) or type(v), tostring(v) end function same(v) return v end',
    )
    fc.assert(
      fc.property(scalar, (given) => {
        const type = typeof given === 'bigint' || typeof given === 'number' ? 'integer' : typeof given
        expect(state.callSync('text', given)).toEqual([type, String(given === 0 ? 0 : given)])
      }),
    )
  })

  test('of keys, which take the chosen form wherever they lie in the table', () => {
    const state = create({ seed: 1, integers: 'bigint' })
    const table = new Map<bigint | string, bigint>([
      [1n, 10n],
      [2n, 20n],
      ['x', 30n],
    ])
    expect(state.loadSync('return { 10, 20, x = 30 }')).toEqual([table])
  })
})
