/** What the translator refuses: each code, with the name of the function and the place. */
import { describe, expect, test } from 'vitest'
import { checkLimits, type FunctionShape } from './check-limits.ts'
import { encodeModule, type TestFunction, type TestModule } from './encode-module.fixture.ts'
import { TranslateError } from './errors.ts'
import { randomModule } from './random-module.fixture.ts'
import { parseText } from './three-ways.fixture.ts'
import { type TranslateOptions, translate } from './translate.ts'

function refusal(bytes: Uint8Array, options: TranslateOptions = {}): TranslateError {
  try {
    translate(bytes, options)
  } catch (error) {
    if (error instanceof TranslateError) return error
    throw error
  }
  throw new Error('it was translated')
}

const one = (f: Partial<TestFunction>, sections: TestModule['sections'] = {}): Uint8Array =>
  encodeModule({ functions: [{ name: 'culprit', body: '', ...f }], sections })

/** A module with one function that has this body, as text. */
const withBody = (body: string, before = ''): Uint8Array =>
  parseText(`(module ${before} (memory 1) (func $culprit (export "culprit") ${body}))`)

describe('outside the subset are', () => {
  const OPERATORS: Readonly<Record<string, readonly [bytes: Uint8Array, message: RegExp]>> = {
    'floating point constants': [
      withBody('(drop (f64.const 1))'),
      /f64\.const in culprit at byte \d+: .*floating point/,
    ],
    'floating point arithmetic': [
      withBody('(drop (f32.add (f32.load (i32.const 0)) (f32.const 2)))'),
      /f32\.load in culprit at byte \d+.*\n.*f32\.const in culprit.*\n.*f32\.add in culprit/,
    ],
    conversions: [
      withBody('(drop (i32.trunc_f64_s (f64.const 1)))'),
      /i32\.trunc_f64_s in culprit at byte \d+/,
    ],
    'floating point locals': [one({ locals: ['f32' as 'i32'] }), /a local of type f32 in culprit/],
    'floating point parameters': [one({ parameters: ['f64' as 'i64'] }), /of type f64 in culprit/],
    'floating point blocks': [
      one({ body: 'block (result f32) unreachable end drop' }),
      /block in culprit at byte \d+: its type/,
    ],
    'blocks with a type of the list': [
      one({}, { 10: [1, 5, 0, 2, 0, 0x0b, 0x0b] }),
      /block in culprit at byte \d+: its type/,
    ],
    'growing memory': [
      withBody('(drop (memory.grow (i32.const 1)))'),
      /memory\.grow in culprit at byte \d+: .*fixed/,
    ],
    'the size of memory': [withBody('(drop (memory.size))'), /memory\.size in culprit at byte \d+/],
    'bulk memory': [
      withBody('(memory.fill (i32.const 0) (i32.const 1) (i32.const 2))'),
      /0xfc 11 in culprit at byte \d+: bulk memory/,
    ],
    vectors: [withBody('(drop (i8x16.splat (i32.const 1)))'), /0xfd 15 in culprit at byte \d+: vectors/],
    threads: [withBody('(drop (i32.atomic.load (i32.const 0)))'), /0xfe 16 in culprit at byte \d+: threads/],
    'indirect calls': [
      withBody('(call_indirect (i32.const 0))', '(table 1 funcref) (elem (i32.const 0) $culprit)'),
      /a table: .*\n.*an element segment: .*\n.*call_indirect in culprit at byte \d+/,
    ],
    'globals that change': [
      withBody('(global.set $g (global.get $g))', '(global $g (mut i32) (i32.const 1))'),
      /global\.get of a global that is no constant in culprit at byte \d+\n.*global\.set in culprit at byte \d+/,
    ],
    'imported functions': [
      withBody('(call $outside)', '(import "env" "outside" (func $outside))'),
      /the import env\.outside: only a memory/,
    ],
    'imported globals': [
      withBody('(drop (global.get $g))', '(import "env" "g" (global $g i32))'),
      /the import env\.g: only a memory/,
    ],
    'a start function': [withBody('', '(start $culprit)'), /a start function: nothing runs it/],
    'data segments': [withBody('', '(data (i32.const 0) "x")'), /a data segment/],
    'six parameters': [
      one({ parameters: ['i32', 'i32', 'i32', 'i64', 'i64', 'i64'] }),
      /6 parameters in culprit: at most 5/,
    ],
    'two results': [
      withBody('(result i32 i32) (i32.const 1) (i32.const 2)'),
      /2 results in culprit: at most one/,
    ],
    'unknown operators': [
      one({}, { 10: [1, 4, 0, 0xd0, 0x70, 0x0b] }),
      /0xd0 in culprit at byte \d+: no operator of the subset/,
    ],
  }
  test.each(Object.entries(OPERATORS))('%s', (_, [bytes, message]) => {
    const error = refusal(bytes)
    expect(error.code).toBe('OPERATOR')
    expect(error.message).toMatch(/^Cannot translate/)
    expect(error.message).toMatch(message)
  })

  test('all findings named, up to ten', () => {
    const { message } = refusal(one({ body: 'f32.const 0 drop '.repeat(14) }))
    expect(message.split('\n')).toHaveLength(12)
    expect(message).toMatch(/and 4 more$/)
  })

  test('but not constant globals and an imported memory', () => {
    const text = `(module (import "env" "memory" (memory 1)) (global $g i64 (i64.const 5)) (global $h i32 (i32.const -1))
      (func (export "f") (result i64) (i64.add (global.get $g) (i64.extend_i32_s (global.get $h)))))`
    expect(translate(parseText(text)).report.functions).toBe(1)
  })
})

test('offsets in messages are those in the module', () => {
  const bytes = one({ body: 'i32.const 1 drop f32.const 0 drop' })
  const offset = Number(/at byte (\d+)/.exec(refusal(bytes).message)?.[1])
  expect(bytes[offset]).toBe(0x43)
})

describe('what is no module', () => {
  const whole = encodeModule({ ...randomModule(5), sections: { 6: [1, 0x7f, 0, 0x41, 5, 0x0b] } })

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('(module)')],
    ['another version', Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0])],
    ['a component', Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0])],
    ['an ELF file', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
    ['declared functions without bodies', one({}, { 10: [0] })],
  ])('%s', (_, bytes) => {
    expect(refusal(bytes).code).toBe('MODULE')
  })

  test('modules that are cut short, wherever', () => {
    let refused = 0
    for (let length = 0; length < whole.length; length++) {
      const bytes = whole.subarray(0, length)
      try {
        // between sections, less may be a module, too
        translate(bytes)
        expect(length).toBeGreaterThanOrEqual(8)
      } catch (error) {
        expect(error).toBeInstanceOf(TranslateError)
        expect((error as TranslateError).code).toBe('MODULE')
        refused++
      }
    }
    expect(refused).toBeGreaterThan(whole.length - 6)
  })
})

const calls = (name: string, ...callees: readonly number[]): TestFunction => ({
  name,
  body: `${callees.map((callee) => `call ${callee}`).join(' ')} ${'i32.const 0 i32.const 0 i32.store '.repeat(20)}`,
})

describe('beyond the limits are', () => {
  test('functions that call themselves, by whatever way', () => {
    const self = refusal(encodeModule({ functions: [calls('self', 0)] }))
    expect([self.code, self.message]).toEqual(['RECURSION', expect.stringMatching(/: self → self$/)])
    const circle = refusal(encodeModule({ functions: [calls('a', 1), calls('b', 2), calls('c', 1)] }))
    expect([circle.code, circle.message]).toEqual(['RECURSION', expect.stringMatching(/: b → c → b$/)])
  })

  test('roots that nothing exports', () => {
    const { code, message } = refusal(one({}), { roots: ['culprit', 'nobody'] })
    expect(code).toBe('OPTION')
    expect(message).toMatch(/'nobody'/)
  })

  test('chains of exported functions, which stay functions', () => {
    const functions = Array.from({ length: 9 }, (_, i) => (i < 8 ? calls(`f${i}`, i + 1) : calls('f8')))
    const { code, message } = refusal(encodeModule({ functions }))
    expect(code).toBe('DEPTH')
    expect(message).toMatch(/9 functions .* at most 7: f0 → f1 → .* → f8$/)
    const inside = functions.map((f, i) => ({ ...f, exported: i === 0 }))
    expect(translate(encodeModule({ functions: inside })).report.depth).toBe(7)
  })

  test('too many exported functions', () => {
    const functions = Array.from({ length: 256 }, (_, i) => calls(`f${i}`))
    const { code, message } = refusal(encodeModule({ functions }))
    expect(code).toBe('FUNCTIONS')
    expect(message).toMatch(/256 functions/)
  })

  test('frames that take more memory than there is', () => {
    const locals = Array.from({ length: 40 }, () => 'i64' as const)
    const body = `${locals.map((_, i) => `i32.const ${i * 8} i64.load local.set ${i}`).join(' ')}
      ${locals.map((_, i) => `i32.const ${i * 16} local.get ${i} i64.store`).join(' ')}`
    const bytes = one({ locals, body })
    const memory = { zero: 0, trap: 8, frames: { address: 16, bytes: 64 } }
    const { code, message } = refusal(bytes, { memory })
    expect(code).toBe('STACK')
    expect(message).toMatch(/culprit take \d+ bytes of memory, at most 64$/)
    expect(translate(bytes).report.frames).toBeGreaterThan(64)
  })

  test('bytes of the kernel’s stack are added up on the costliest chain', () => {
    const shape = (name: string, callees: number[]): FunctionShape => ({
      name,
      parameters: 0,
      slots: 0,
      hasLoop: true,
      callees,
    })
    const shapes = new Map([
      [0, shape('top', [1, 2])],
      [1, shape('left', [])],
      [2, shape('right', [3])],
      [3, shape('bottom', [])],
    ])
    expect(checkLimits(shapes)).toEqual({ depth: 3, stack: 48 })
  })
})
