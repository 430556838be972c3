/** Statements of generated programs: assignments, control flow, functions. */
import { Expressions } from './expressions.ts'
import { metatable } from './metatables.ts'
import type { Random } from './random.ts'
import type { Place, Scope, Type } from './scope.ts'
import { compound, type Node } from './tree.ts'

/** Every loop begins with this, so that it ends. */
const STEP = 'if step() then break end'

export class Statements extends Expressions {
  /** Kinds of statements that stand alone, and those that hold others. */
  protected readonly simple: (() => readonly Node[])[]
  protected readonly nested: ((depth: number) => readonly Node[])[]

  constructor(random: Random, scope: Scope) {
    super(random, scope)
    this.simple = [
      () => this.print(),
      () => this.print(),
      () => this.local(),
      () => this.local(),
      () => this.assign(),
      () => this.assign(),
      () => this.store(),
      () => this.store(),
      () => this.tableCall(),
      () => this.raise(),
      () => this.leave(),
      () => this.collect(),
      () => [`${this.prefixed(2)}`],
    ]
    this.nested = [
      (depth) => this.choice(depth),
      (depth) => this.count(depth),
      (depth) => this.until(depth),
      (depth) => this.iterate(depth),
      (depth) => this.jump(depth),
      (depth) => this.function(depth),
      (depth) => this.function(depth),
      (depth) => this.recursion(depth),
      (depth) => this.guarded(depth),
      (depth) => this.guarded(depth),
      (depth) => this.closing(depth),
      () => this.fresh(),
      () => this.metatable(),
      () => this.classes(),
    ]
  }

  /** A block with a scope of its own. */
  block(depth: number, place: Partial<Place> = {}, declare: () => void = () => {}): Node[] {
    return this.scope.within(place, () => {
      declare()
      return this.random.some(1, 3, () => this.statement(depth)).flat()
    })
  }

  statement(depth: number): readonly Node[] {
    if (depth <= 0 || this.random.chance(45)) return this.random.call(this.simple)
    return this.random.one(this.nested)(depth - 1)
  }

  private print(): readonly Node[] {
    return [`P(${this.list(1, 3, 2)})`]
  }

  /** A call as a statement; the semicolon keeps it from continuing the line before. */
  private prefixed(depth: number): string {
    return `;(V)(${this.call(depth)})`
  }

  private value(type: Type, depth: number): string {
    if (type === 'int') return `I(${this.int(depth)})`
    if (type === 'str') return `cut(${this.str(depth)})`
    if (type === 'tab') return this.tab(depth)
    return this.any(depth)
  }

  private local(): readonly Node[] {
    const { random, scope } = this
    const type = random.one<Type>(['int', 'str', 'tab', 'any'])
    const value = this.value(type, 2)
    if (random.chance(20)) {
      const [one, two] = [scope.fresh('p', false), scope.fresh('q', false)]
      const line = `local ${one}, ${two} = ${this.call(2)}`
      scope.declare(one, 'any')
      scope.declare(two, 'any')
      return [line]
    }
    const fixed = random.chance(15)
    const name = scope.fresh(type[0] as string, random.chance(10))
    scope.declare(name, type, { fixed })
    return [`local ${name}${fixed ? ' <const>' : ''} = ${value}`]
  }

  private assign(): readonly Node[] {
    const { random, scope } = this
    const types: Type[] = random.some(1, 2, () => random.one<Type>(['int', 'str', 'tab', 'any']))
    const targets = types.map((type) => {
      const known = scope.assignable(type)
      return known.length > 0 ? random.one(known).name : random.one(['G1', 'G2'])
    })
    return [`${targets.join(', ')} = ${types.map((type) => this.value(type, 3)).join(', ')}`]
  }

  private store(): readonly Node[] {
    const target = this.indexed(1)
    if (/^[({]/.test(target)) return [`;${target} = ${this.any(2)}`]
    return [`${target} = ${this.any(2)}`]
  }

  private tableCall(): readonly Node[] {
    const { random } = this
    const t = this.tab(0)
    return random.call<readonly Node[]>([
      () => [`table.insert(${t}, ${this.whole(1)})`],
      () => [`table.insert(${t}, ${random.one(['1', this.int(0)])}, ${this.whole(1)})`],
      () => [`P(table.remove(${t}${random.chance(40) ? `, ${random.one(['1', this.int(0)])}` : ''}))`],
      () => [`P(table.concat(seq(${this.int(1)}, ${this.str(1)}), ${this.str(0)}))`],
      () => {
        const values = random.some(0, 6, () => `I(${this.int(1)})`).join(', ')
        const order = random.one(['', ', function(a, b) return a > b end', ', math.ult'])
        return [`do local list = { ${values} } table.sort(list${order}) P(list) end`]
      },
      () => [`P(table.unpack(${t}, 1, 3))`],
    ])
  }

  private raise(): readonly Node[] {
    const { random, scope } = this
    if (!scope.place.guarded || random.chance(50)) return this.print()
    const level = random.one(['', '', ', 0', ', 1', ', 2'])
    return [`if ${this.bool(1)} then error(${this.any(1)}${level}) end`]
  }

  private leave(): readonly Node[] {
    const { random, scope } = this
    if (scope.place.loop && random.chance(60)) return [`if ${this.bool(1)} then break end`]
    if (scope.place.guarded) return [`if ${this.bool(1)} then return ${this.list(0, 2, 1)} end`]
    return this.assign()
  }

  private collect(): readonly Node[] {
    if (!this.random.chance(25)) return this.print()
    return [this.random.one(['collectgarbage()', "collectgarbage('step')"])]
  }

  private choice(depth: number): readonly Node[] {
    const parts = [{ head: `if ${this.any(2)} then`, body: this.block(depth) }]
    while (this.random.chance(25))
      parts.push({ head: `elseif ${this.bool(2)} then`, body: this.block(depth) })
    if (this.random.chance(50)) parts.push({ head: 'else', body: this.block(depth) })
    return [{ parts, end: 'end' }]
  }

  private count(depth: number): readonly Node[] {
    const { random } = this
    const name = this.scope.fresh('i', false)
    const step = random.one(['', '', ', 2', ', -1', ', -3', `, ${this.int(0)}`])
    const range = random.chance(60) ? `1, ${1 + random.below(4)}` : `${this.int(1)}, ${this.int(1)}`
    const head = `for ${name} = ${range}${step} do ${STEP}`
    return [
      compound(
        head,
        this.block(depth, { loop: true }, () => this.scope.declare(name, 'int')),
      ),
    ]
  }

  private until(depth: number): readonly Node[] {
    const body = () => this.block(depth, { loop: true })
    if (this.random.chance(50)) return [compound(`while ${this.bool(2)} do ${STEP}`, body())]
    return [compound(`repeat ${STEP}`, body(), `until ${this.bool(2)}`)]
  }

  private iterate(depth: number): readonly Node[] {
    const { random, scope } = this
    const [key, value] = [scope.fresh('k', false), scope.fresh('v', false)]
    const over = random.call([
      () => `ipairs(${this.tab(1)})`,
      () => `ipairs(${this.object(1)})`,
      () => `pairs({ ${this.whole(1)} })`,
      () => `(${this.str(1)}):gmatch('${random.one(['%w+', '.', '()(%a)', '(%w)=(%w)', '%d*'])}')`,
      () => `utf8.codes(${this.str(0)})`,
      () => `function(s, c) if c < s then return c + 1, ${this.any(0)} end end, ${random.below(4)}, 0`,
    ])
    const body = this.block(depth, { loop: true }, () => {
      scope.declare(key, 'any')
      scope.declare(value, 'any')
    })
    return [compound(`for ${key}, ${value} in ${over} do ${STEP}`, body)]
  }

  private jump(depth: number): readonly Node[] {
    const label = this.scope.fresh('label', false)
    if (this.random.chance(50)) {
      const again = `if ${this.bool(1)} and not step() then goto ${label} end`
      return [compound('do', [`::${label}::`, compound('do', this.block(depth, { loop: false })), again])]
    }
    const inner = [`if ${this.bool(1)} then goto ${label} end`, ...this.block(depth, { loop: false })]
    return [compound('do', [compound('do', inner), `P('over')`, `::${label}::`])]
  }

  /** Body of a function: parameters, statements, and what it returns. */
  private body(
    depth: number,
    place: Partial<Place>,
    parameters: readonly string[],
    own: readonly string[],
  ): Node[] {
    const vararg = parameters.includes('...')
    return this.scope.within({ loop: false, vararg, guarded: true, ...place }, () => {
      for (const name of parameters) if (name !== '...') this.scope.declare(name, 'any')
      const nodes = this.random.some(1, 3, () => this.statement(depth)).flat()
      return [...own, ...nodes, `do return ${this.list(0, 3, 1)} end`]
    })
  }

  private parameters(): string[] {
    const names = this.random.some(0, 2, () => this.scope.fresh('a', false))
    return this.random.chance(40) ? [...names, '...'] : names
  }

  /** A function that calls only those before it, and a call of it. */
  private function(depth: number): readonly Node[] {
    const { random, scope } = this
    const name = scope.fresh('f', false)
    const parameters = this.parameters()
    const yields = scope.place.yieldable && random.chance(50)
    const body = this.body(depth, { yieldable: yields }, parameters, ['if step() then return end'])
    scope.declare(name, 'function', { fixed: true, yields })
    return [
      compound(`local function ${name}(${parameters.join(', ')})`, body),
      `P(${name}(${this.list(0, 3, 1)}))`,
    ]
  }

  private recursion(depth: number): readonly Node[] {
    const { random, scope } = this
    const name = scope.fresh('r', false)
    const parameters = [scope.fresh('n', false), ...this.parameters()]
    const base = `if step() or type(${parameters[0]}) ~= 'number' or ${parameters[0]} <= 0 then return ${this.any(0)} end`
    const body = this.body(depth, { yieldable: false }, parameters, [base]).slice(0, -1)
    const again = `${name}(${[`${parameters[0]} - 1`, ...parameters.slice(1)].join(', ')})`
    const last = random.one([
      `return ${again}`,
      `return 1, ${again}`,
      `return (${again})`,
      `return { ${again} }`,
    ])
    const call = `P(${name}(${random.below(6)}, ${this.list(0, 2, 1) || 'nil'}))`
    return [compound(`local function ${name}(${parameters.join(', ')})`, [...body, `do ${last} end`]), call]
  }

  private guarded(depth: number): readonly Node[] {
    const { random, scope } = this
    const parameters = this.parameters()
    const caught = random.chance(65)
    const body = this.body(depth, { yieldable: scope.place.yieldable }, parameters, [])
    const args = this.list(0, 2, 1)
    const rest = args === '' ? '' : `, ${args}`
    const head = (call: string) => `P(${call}function(${parameters.join(', ')})`
    if (caught) return [compound(head('pcall('), body, `end${rest}))`)]
    const handler = random.one([
      'show',
      "function(e) P('handler', e) return e end",
      "function(e) return type(e), 'dropped' end",
      "function(e) error('again', 0) end",
    ])
    return [
      compound(
        head('xpcall('),
        body,
        `end, ${handler.replace('show', 'function(e) return show(e, 0) end')}${rest}))`,
      ),
    ]
  }

  private closing(depth: number): readonly Node[] {
    const { random, scope } = this
    const name = scope.fresh('c', false)
    const e = random.one(['nil', 'nil', "'in close'", '{ 1 }', 'false'])
    const yields = scope.place.yieldable && random.chance(30)
    const value = random.chance(90)
      ? `closer('${name}', ${e}, ${yields})`
      : random.one(['nil', 'false', this.any(1)])
    return [compound('do', [`local ${name} <close> = ${value}`, ...this.block(depth)])]
  }

  /** Closures over the variables of a loop. */
  private fresh(): readonly Node[] {
    const { scope } = this
    const list = scope.fresh('fs', false)
    const inner = `${list}[i] = function(d) i = i + d ${this.random.one(['', 'x = x .. i '])}return i, x end`
    const calls = Array.from(
      { length: 3 },
      () => `${list}[${1 + this.random.below(3)}](${this.random.below(5)})`,
    )
    return [
      `local ${list} = {}`,
      compound('for i = 1, 3 do', [`local x = ${this.str(1)}`, inner]),
      `P(${calls.join(', ')})`,
    ]
  }

  private metatable(): readonly Node[] {
    const { random, scope } = this
    const [meta, name] = [scope.fresh('m', false), scope.fresh('o', false)]
    const table = metatable(random, meta, this.variable('object'))
    const line = `local ${name} = setmetatable({ v = ${this.int(1)}, ${this.list(0, 2, 1)} }, ${meta})`
    const second = scope.fresh('o', false)
    const sibling = `local ${second} = setmetatable({}, ${random.chance(70) ? meta : `{ __index = ${name} }`})`
    scope.declare(name, 'object', { fixed: true })
    scope.declare(second, 'object', { fixed: true })
    return [table, line, sibling, `P(pcall(function() return ${this.any(3)} end))`]
  }

  /** A class, one that inherits from it, and calls of their methods. */
  private classes(): readonly Node[] {
    const { scope } = this
    const [base, derived, name] = [
      scope.fresh('Base', false),
      scope.fresh('Derived', false),
      scope.fresh('o', false),
    ]
    const lines: Node[] = [
      `local ${base} = {} ${base}.__index = ${base}`,
      `function ${base}.new(v) return setmetatable({ v = v }, ${base}) end`,
      `function ${base}:get(...) return self.v, ... end`,
      `function ${base}:set(v) self.v = v return self end`,
      `local ${derived} = setmetatable({}, ${base}) ${derived}.__index = ${derived}`,
      `function ${derived}:get(...) return 'derived', ${base}.get(self, ...) end`,
      `local ${name} = setmetatable(${base}.new(${this.any(1)}), ${derived})`,
    ]
    scope.declare(name, 'object', { fixed: true })
    lines.push(`P(${name}:get(${this.list(0, 2, 1)}), ${name}:set(${this.any(1)}):get())`)
    lines.push(
      `P(pcall(${name}.${this.random.one(['get', 'set', 'missing'])}, ${this.list(0, 2, 1) || 'nil'}))`,
    )
    return lines
  }
}
