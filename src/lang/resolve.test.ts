import { describe, expect, test } from 'vitest'
import type {
  Environment,
  Expression,
  FunctionBody,
  GotoStatement,
  LocalStatement,
  NameExpression,
} from './ast.ts'
import { analyze } from './front-end.ts'
import { toSource } from './source.ts'

function main(source: string): FunctionBody {
  const { main, findings } = analyze(toSource(source, '=x'))
  expect(findings.list()).toEqual([])
  return main
}

/** What the names in `return …`, the last statement of the innermost last function, mean. */
function meanings(source: string): string[] {
  let body = main(source)
  for (;;) {
    const last = body.block.statements.at(-1)!
    if (last.kind === 'FunctionStatement' || last.kind === 'LocalFunction') body = last.body
    else if (last.kind === 'Return') return last.values.map(meaning)
    else throw new Error(last.kind)
  }
}

function meaning(node: Expression): string {
  if (node.kind !== 'Name') return node.kind === 'String' ? `'${node.value}'` : node.kind
  return describeReference(node.reference)
}

function describeReference(reference: Environment | NameExpression['reference']): string {
  switch (reference?.kind) {
    case 'local':
      return `local ${reference.variable.line}`
    case 'upvalue':
      return `upvalue ${reference.index}`
    case 'global':
      return `global of ${describeReference(reference.env)}`
    default:
      return 'nothing'
  }
}

test.each([
  ['local a\nlocal a\nreturn a', ['local 2']],
  ['local a = 1\ndo local a end\nreturn a, b', ['local 1', 'global of upvalue 0']],
  [
    'local a, b\nfunction f()\nreturn b, a, c, b end',
    ['upvalue 0', 'upvalue 1', 'global of upvalue 2', 'upvalue 0'],
  ],
  [
    'local a\nfunction f(x)\nlocal function g()\nreturn a, x, b end end',
    ['upvalue 0', 'upvalue 1', 'global of upvalue 2'],
  ],
  ['local _ENV = {}\nreturn a, _ENV', ['global of local 1', 'local 1']],
  ['local _ENV\nfunction f() return a end', ['global of upvalue 0']],
  ['local x = x\nreturn x', ['local 1']],
  ['local function f() return f end', ['upvalue 0']],
  ["local s <const> = 's'\nfunction f() return s end", ["'s'"]],
  ['local a <const>, b <const> = 1, g()\nreturn a, b', ['local 1', 'local 1']],
  ['local a <const> = 2\nlocal b <const> = a * 3\nreturn b', ['Integer']],
])('%j', (source, expected) => {
  expect(meanings(source)).toEqual(expected)
})

test('captured and assigned variables are marked', () => {
  const source = 'local a, b, c = 1, 2, 3\nfunction f() b = 1 return a end\nc = 2'
  const { variables } = main(source).block.statements[0] as LocalStatement
  expect(variables.map(({ captured, assigned }) => [captured, assigned])).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ])
})

test('upvalues name where they come from', () => {
  const source = 'local a\nfunction f() local b function g() return a, b, c end end'
  const body = main(source)
  const f = body.block.statements[1]
  if (f?.kind !== 'FunctionStatement') throw new Error('no function')
  const g = f.body.block.statements[1]
  if (g?.kind !== 'FunctionStatement') throw new Error('no function')
  const shape = (inner: FunctionBody) =>
    inner.upvalues.map(({ name, source }) => `${name} ${'local' in source ? 'local' : source.upvalue}`)
  expect(shape(f.body)).toEqual(['_ENV 0', 'a local'])
  expect(shape(g.body)).toEqual(['a 1', 'b local', '_ENV 0'])
})

describe('gotos', () => {
  test.each([
    'goto a ::a::',
    '::a:: goto a',
    'do goto a end local x ::a::',
    'while true do if x then goto continue end local y = 1 ::continue:: end',
    'repeat local x if x then goto a end ::a:: until x',
    'do ::a:: end ::a::',
    'goto a ::b:: ; ::a:: ; ;',
    'function f() ::a:: end ::a::',
    'do goto a ::a:: end do goto a ::a:: end',
    'for i = 1, 2 do for j = 1, 2 do goto out end end ::out::',
  ])('%s', (source) => {
    main(source)
  })

  test('find the label of their block', () => {
    const { statements } = main('do ::a:: end\ngoto a\n::a::').block
    expect((statements[1] as GotoStatement).target!.line).toBe(3)
  })
})
