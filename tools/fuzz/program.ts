/** Random programs that terminate, from a seed: a prelude, statements, and what is left at the end. */
import { PRELUDE } from './prelude.ts'
import { Random } from './random.ts'
import { Scope } from './scope.ts'
import { Statements } from './statements.ts'
import { compound, type Node, render } from './tree.ts'

class ProgramMaker extends Statements {
  constructor(seed: number) {
    super(new Random(seed), new Scope())
    this.nested.push(
      (depth) => this.coroutine(depth),
      (depth) => this.coroutine(depth),
      (depth) => this.wrapped(depth),
      () => this.load(),
    )
    this.simple.push(() => this.yield())
  }

  make(): Node[] {
    return this.random.some(6, 12, () => this.statement(3)).flat()
  }

  private yield(): readonly Node[] {
    const { random, scope } = this
    if (!scope.place.yieldable) return [`P(${this.any(2)})`]
    const call = `coroutine.yield(${this.list(0, 2, 1)})`
    return [random.one([`P('got', ${call})`, call, `if ${this.bool(1)} then ${call} end`])]
  }

  private coroutineBody(depth: number): Node[] {
    const body = this.block(depth, { yieldable: true, loop: false, vararg: true, guarded: true })
    return [compound('P(pcall(function(...)', body, 'end, ...))')]
  }

  private coroutine(depth: number): readonly Node[] {
    const { random, scope } = this
    const name = scope.fresh('co', false)
    const body = [
      `if step() then return end`,
      ...this.coroutineBody(depth),
      `do return ${this.list(0, 2, 1)} end`,
    ]
    const resume = `P(coroutine.resume(${name}, ${this.list(0, 2, 1) || 'nil'}), coroutine.status(${name}))`
    return [
      compound(`local ${name} = coroutine.create(function(...)`, body, 'end)'),
      compound(`for _ = 1, ${1 + random.below(5)} do if step() then break end`, [resume]),
      ...(random.chance(50) ? [`P(coroutine.close(${name}), coroutine.status(${name}))`] : []),
    ]
  }

  private wrapped(depth: number): readonly Node[] {
    const name = this.scope.fresh('w', false)
    const body = this.coroutineBody(depth)
    const loop = compound(`for x, y in ${name} do if step() then break end`, ['P(x, y)'])
    return [
      compound(`local ${name} = coroutine.wrap(function(...)`, body, 'end)'),
      compound('P(pcall(function()', [loop, `return ${name}(${this.any(1)})`], 'end))'),
    ]
  }

  private load(): readonly Node[] {
    const text = this.scope.within({ vararg: true }, () => this.any(2))
    return [
      `P(pcall(assert(load([==[local V, I, seq, cut, P = ... return ${text}]==], '=loaded')), V, I, seq, cut, P))`,
    ]
  }
}

/** The statements of the program of a seed, without the prelude. */
export const programOf = (seed: number): Node[] => new ProgramMaker(seed).make()

/** The text of a program. */
export const sourceOf = (nodes: readonly Node[]): string => `${PRELUDE}${render(nodes)}P(G1, G2, G3)\n`
