import { describe, expect, test } from 'vitest'
import { DIAGNOSTICS } from './diagnostic-table.ts'
import { CompileError, type Diagnostic, MOST_DIAGNOSTICS, renderDiagnostic } from './diagnostics.ts'
import { analyze } from './front-end.ts'
import { toSource } from './source.ts'

function check(source: string | Uint8Array, name = '@f.lua'): Diagnostic[] {
  return analyze(toSource(source, name)).findings.list()
}

function brief(source: string): string[] {
  return check(source).map((d) => `${d.line}:${d.column} ${d.code}`)
}

test('codes are unique', () => {
  const codes = Object.values(DIAGNOSTICS).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

describe('positions', () => {
  test.each([
    ['x = 3.5 + 1', '1:5', 3],
    ['local t = {}\n  t.x = = 2', '2:9', 1],
    ['x = "ab\\qcd"', '1:8', 2],
    ['x = "abc', '1:5', 1],
    ['x = [[\nabc', '1:5', 2],
    ['local k <const> = 1\nlocal y = 2\nk = 2', '3:1', 1],
    ['for i = 1, 2 do goto nowhere end', '1:17', 4],
    ['x = \t99999999999999999999', '1:6', 20],
  ])('%j at %s', (source, position, length) => {
    const [d] = check(source)
    expect(`${d!.line}:${d!.column}`).toBe(position)
    expect(d!.length).toBe(length)
  })
})

describe('several findings', () => {
  test('one for each mistake, none for what follows from it', () => {
    const source = [
      'local x <const> = 1', // 1
      'x = 2', // 2
      'if x = 1 then', // 3: comparison
      '  y = = 2', // 4
      '  break', // 5: not reported, since the tree has gaps
      'end', // 6
      'function f(a, 1)', // 7
      '  return a +', // 8: found at the end of the function
      'end', // 9
      'z = "abc', // 10
      't = {', // 11
      '  a = 1', // 12
      '  b = 2', // 13
      '}', // 14
      'w = 1.5', // 15
      'call(function() x = = 1 end)', // 16
      'local s = ', // 17: found at the token after it
      'for i = 1 do', // 18
      'end', // 19
      'print(x)', // 20
    ]
    expect(brief(source.join('\n'))).toEqual([
      '2:1 L040',
      '3:6 L020',
      '4:7 L022',
      '7:15 L020',
      '9:1 L022',
      '10:5 L001',
      '13:3 L021',
      '15:5 L012',
      '16:21 L022',
      '18:1 L022',
    ])
  })

  test('a block that lacks its end is one finding', () => {
    expect(brief('function f()\n  if x then\n    g()\n\nfunction h()\nend\n')).toEqual(['7:1 L021'])
  })

  test('an end too many is one finding', () => {
    expect(brief('do\nend\nend\nx = 1\nend')).toEqual(['3:1 L020'])
  })

  test('what is missing at the end after a mistake is no finding of its own', () => {
    expect(brief('function f()\n  x = = 1\n\n')).toEqual(['2:7 L022'])
  })

  test('statements after return', () => {
    expect(brief('function f()\n  return 1\n  x = 2\nend\ny = 3')).toEqual(['3:3 L021'])
  })

  test(`no more than ${MOST_DIAGNOSTICS}`, () => {
    expect(check('x = = 1\n'.repeat(1000))).toHaveLength(MOST_DIAGNOSTICS)
  })
})

describe('limits', () => {
  test.each([
    ['parentheses', `x = ${'('.repeat(300)}1${')'.repeat(300)}`],
    ['blocks', `${'do '.repeat(300)}${'end '.repeat(300)}`],
    ['functions', `${'x = function() '.repeat(300)}${'end '.repeat(300)}`],
    ['tables', `x = ${'{'.repeat(300)}${'}'.repeat(300)}`],
    ['unary operators', `x = ${'- '.repeat(300)}1`],
    ['powers', `x = ${'2 ^ '.repeat(300)}1`],
    ['calls', `${'f('.repeat(100_000)}`],
  ])('300 nested %s are one finding', (_, source) => {
    expect(check(source).map(({ code }) => code)).toEqual(['L061'])
  })

  test.each([
    ['..', `x = ${'a .. '.repeat(10_000)}a`],
    ['and', `x = ${'a and '.repeat(10_000)}a`],
    ['+', `x = ${'a + '.repeat(10_000)}a`],
    ['elseif', `if a then ${'elseif a then b() '.repeat(10_000)}end`],
    ['calls', `f${'()'.repeat(10_000)}`],
    ['fields', `x = a${'.b'.repeat(10_000)}`],
    ['methods', `a${':b()'.repeat(10_000)}`],
    ['semicolons', ';'.repeat(10_000)],
  ])('a chain of 10,000 %s is fine', (_, source) => {
    expect(check(source)).toEqual([])
  })

  const locals = (count: number) => Array.from({ length: count }, (_, i) => `local a${i}`).join('\n')

  test('200 locals', () => {
    expect(check(locals(200))).toEqual([])
    expect(brief(locals(300))).toEqual(['202:1 L060'])
    expect(check(`function f()\n${locals(300)}\nend`)[0]!.message).toBe(
      'too many local variables (limit is 200) in function at line 1',
    )
    expect(check(`do ${locals(150)} end do ${locals(150)} end`)).toEqual([])
  })

  test('255 upvalues', () => {
    const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)
    const declare = (list: string[], inner: string) =>
      `${list.map((name) => `local ${name}`).join(' ')}\nlocal function f()\n${inner}\nend`
    const source = (count: number) => {
      const [a, b] = [names(150, 'a'), names(count - 150, 'b')]
      return declare(a, declare(b, declare([], `return {${[...a, ...b].join(', ')}}`)))
    }
    expect(check(source(255))).toEqual([])
    const [found, ...others] = check(source(256))
    expect(found!.message).toBe('too many upvalues (limit is 255) in function at line 4')
    expect(found!.near).toBe("'}'")
    expect(others).toEqual([])
  })
})

describe('rendering', () => {
  const render = (source: string | Uint8Array) => renderDiagnostic(check(source)[0]!, source)

  test('position, line, caret and hint', () => {
    expect(render('local t = 1\nlocal rate = 2.50\n')).toBe(
      [
        "f.lua:2:14: error[L012]: float literals are not supported: Moonring's numbers are 64-bit integers near '2.50'",
        ' 2 | local rate = 2.50',
        '   |              ^~~~',
        '   = hint: count in a smaller unit (2.5 s as 2500 ms)',
      ].join('\n'),
    )
  })

  test('the integer is offered', () => {
    for (const [literal, hint] of [
      ['1e3', 'write 1000'],
      ['2.0', 'write 2'],
      ['0x1p4', 'write 16'],
      ['0x.8p1', 'write 1'],
      ['.5e1', 'write 5'],
    ]) {
      expect(check(`x = ${literal}`)[0]!.hint).toBe(hint)
    }
  })

  test('tabs, characters beyond ASCII and bytes that are no UTF-8 keep the caret in place', () => {
    const [, line, caret] = render('\tx = "hé" .. 1.5').split('\n')
    expect(caret!.indexOf('^')).toBe(line!.indexOf('1.5'))
    const [, odd, mark] = render(Buffer.from('x = "\xff\xfe" .. 1.5', 'latin1')).split('\n')
    expect(mark!.indexOf('^')).toBe(odd!.indexOf('1.5'))
  })

  test('a long line is cut around the caret', () => {
    const source = `x = ${'a + '.repeat(250_000)}1.5 + ${'b + '.repeat(1000)}1`
    const [, line, caret] = render(source).split('\n')
    expect(line!.length).toBeLessThan(120)
    expect(line!.slice(caret!.indexOf('^')).startsWith('1.5')).toBe(true)
    expect(line).toMatch(/^ 1 \| ….*…$/)
  })

  test('every line break counts once', () => {
    const source = 'a()\r\nb()\n\rc()\rd()\n\ne = 1.5'
    expect(render(source).split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^f\.lua:6:5: /),
      ' 6 | e = 1.5',
    ])
  })
})

describe('CompileError', () => {
  test('has the message of the reference and all diagnostics', () => {
    const source = 'x = 1\ny = = 2\nz = = 3'
    const error = new CompileError(source, check(source, source))
    expect(error.message).toBe('[string "x = 1..."]:2: unexpected symbol near \'=\'')
    expect(error.diagnostics).toHaveLength(2)
  })
})
