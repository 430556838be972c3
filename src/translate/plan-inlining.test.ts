/** Which calls are replaced by what they call. */
import { describe, expect, test } from 'vitest'
import { encodeModule, type TestFunction } from './encode-module.fixture.ts'
import { type Body, type InliningLimits, planInlining } from './plan-inlining.ts'
import { readModule } from './read-module.ts'

const NO_LIMITS: InliningLimits = { frames: 100, functions: 100, small: 0 }

/** A function of so many instructions more than its calls. */
const calling = (name: string, size: number, ...callees: readonly number[]): TestFunction => ({
  name,
  body: `${callees.map((callee) => `call ${callee}`).join(' ')} ${'nop '.repeat(size - callees.length - 1)}`,
})

/** Names of the bodies as trees: what was put into a body stands in brackets behind it, calls that stay behind `:`. */
function plan(functions: readonly TestFunction[], limits: Partial<InliningLimits>, roots = [0]): string[] {
  const module = readModule(encodeModule({ functions }))
  const nameOf = (index: number): string => module.functions[index]?.name as string
  const show = ({ callee, sites }: Body): string => {
    const inlined = sites.flatMap((site) => (site.inlined ? [show(site.inlined)] : []))
    const open = sites.flatMap((site) => (site.inlined ? [] : [nameOf(site.callee)]))
    return `${nameOf(callee)}${inlined.length > 0 ? `[${inlined.join(' ')}]` : ''}${open.length > 0 ? `:${open.join(',')}` : ''}`
  }
  return planInlining(module, roots, { ...NO_LIMITS, ...limits }).map(show)
}

describe('inlining', () => {
  test('leaves out what no root reaches, and keeps callers before callees', () => {
    const functions = [
      calling('a', 50, 2, 1),
      calling('b', 50, 3),
      calling('c', 50, 1),
      calling('d', 50),
      calling('e', 50, 0),
    ]
    expect(plan(functions, {})).toEqual(['a:c,b', 'c:b', 'b:d', 'd'])
    expect(plan(functions, {}, [3, 4])).toEqual(['e:a', 'a:c,b', 'c:b', 'b:d', 'd'])
  })

  test('takes small bodies everywhere, with what they contain', () => {
    const functions = [calling('a', 50, 1, 1, 2), calling('b', 10, 2), calling('c', 5)]
    expect(plan(functions, { small: 15 })).toEqual(['a[b[c] b[c] c]'])
    expect(plan(functions, { small: 5 })).toEqual(['a[c]:b,b', 'b[c]'])
  })

  test('never takes roots', () => {
    expect(plan([calling('a', 50, 1), calling('b', 5)], { small: 10 }, [0, 1])).toEqual(['a:b', 'b'])
  })

  test('counts a loop as much work', () => {
    const loop = { name: 'loop', body: 'loop end' }
    expect(plan([calling('a', 50, 1, 1), loop], { small: 100 })).toEqual(['a:loop,loop', 'loop'])
    expect(plan([calling('a', 50, 1, 1), loop], { small: 300 })).toEqual(['a[loop loop]'])
  })

  test('takes what one loop alone calls', () => {
    const inLoop = { name: 'a', body: 'loop call 1 end' }
    expect(plan([inLoop, calling('b', 500)], {})).toEqual(['a[b]'])
    expect(plan([calling('a', 50, 1), calling('b', 500)], {})).toEqual(['a:b', 'b'])
    const behind = { name: 'a', body: 'loop end block call 1 end' }
    expect(plan([behind, calling('b', 500)], {})).toEqual(['a:b', 'b'])
  })

  test('takes frequent calls as far as they pay', () => {
    const functions = [
      calling('a', 50, 1, 2, 3, 4),
      calling('b', 50, 2, 3, 4),
      calling('c', 90),
      calling('d', 80),
      calling('e', 10),
    ]
    const calls = new Map(Object.entries({ 'a c': 100, 'b d': 50, 'b e': 1, 'gone c': 9 }))
    const planned = (growth: number) => plan(functions, { frequent: { calls, growth } }).slice(0, 2)
    expect(planned(0)).toEqual(['a:b,c,d,e', 'b:c,d,e'])
    expect(planned(100)).toEqual(['a[c]:b,d,e', 'b[e]:c,d'])
    expect(planned(180)).toEqual(['a[c]:b,d,e', 'b[d e]:c'])
  })

  test('knows how frequent the calls are in what it has inlined', () => {
    const functions = [
      calling('a', 50, 1, 2, 4),
      calling('b', 20, 3),
      calling('c', 50, 1),
      calling('d', 60),
      calling('e', 50, 3),
    ]
    // three quarters of b's calls come from a, and so do three quarters of d's
    const calls = new Map(Object.entries({ 'a b': 30, 'c b': 10, 'b d': 40 }))
    const planned = (growth: number) => plan(functions, { frequent: { calls, growth } })
    expect(planned(80)).toEqual(expect.arrayContaining(['a[b[d]]:c,e', 'c[b:d]', 'e:d', 'd']))
    expect(planned(140)).toEqual(expect.arrayContaining(['a[b[d]]:c,e', 'c[b[d]]', 'e:d', 'd']))
  })

  test('shortens chains where it costs least', () => {
    const functions = [
      calling('a', 50, 1, 2),
      calling('b', 90, 3),
      calling('c', 60, 3, 4),
      calling('d', 40, 4),
      calling('e', 70),
    ]
    expect(plan(functions, { frames: 4 })).toEqual(['a:b,c', 'c:d,e', 'b:d', 'd:e', 'e'])
    // b and c have one call each, and vanish when they take its place
    expect(plan(functions, { frames: 3 })).toEqual(['a[b:d c:d,e]', 'd:e', 'e'])
    expect(plan(functions, { frames: 1 })).toHaveLength(1)
  })

  test('puts the cheapest functions away when they are too many', () => {
    const functions = [calling('a', 50, 1, 1, 2, 3), calling('b', 90), calling('c', 60), calling('d', 40)]
    const names = plan(functions, { functions: 2 })
    expect(names).toEqual(['a[c d]:b,b', 'b'])
  })

  test('gives up where only roots are left', () => {
    expect(plan([calling('a', 50, 1), calling('b', 50)], { frames: 1, functions: 1 }, [0, 1])).toEqual([
      'a:b',
      'b',
    ])
  })
})
