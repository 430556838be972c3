/** Expressions of generated programs, by the type of their value; now and then one of the wrong type. */
import type { Random } from './random.ts'
import type { Scope, Type } from './scope.ts'
import { stringCall, stringValue } from './string-calls.ts'

// biome-ignore format: a paragraph
const INTEGERS = [
  '0', '1', '2', '3', '-1', '7', '10', '-3', '100', '255', '0x7f', '65536', '2147483647', '-2147483648',
  '4294967296', 'math.maxinteger', 'math.mininteger', '0xffffffff', '1 << 62',
]
// biome-ignore format: a paragraph
const STRINGS = [
  "''", "'a'", "'abc'", "'hello world'", "' x '", "'10'", "'0x1F'", "'-7'", "'a,b,,c'", "'k=v'", "'\\0z'",
  "'\\xff\\xfe'", "'x\\ny'", "'(a(b)c)'", "'héé'", "'€uro'", "'xxyxyy'",
]
const OPERATORS = ['+', '-', '*', '//', '%', '&', '|', '~', '<<', '>>', '..', '<', '<=', '>', '>=']
const KEYS = ['x', 'y', 'n', 'v']

export class Expressions {
  readonly random: Random
  readonly scope: Scope

  constructor(random: Random, scope: Scope) {
    this.random = random
    this.scope = scope
  }

  /** A variable of the type, or undefined. */
  variable(type: Type): string | undefined {
    const known = this.scope.of(type)
    return known.length > 0 ? this.random.one(known).name : undefined
  }

  /** Wherever a type is asked for, one in fifty values has another: that is an error, or a coercion. */
  private astray(depth: number): string | undefined {
    return this.random.chance(2) ? this.any(depth - 1) : undefined
  }

  int(depth: number): string {
    const { random } = this
    const wrong = this.astray(depth)
    if (wrong !== undefined) return `(${wrong})`
    if (depth <= 0) return (random.chance(60) && this.variable('int')) || `(${random.one(INTEGERS)})`
    const i = () => this.int(depth - 1)
    return random.call([
      () => `(${i()} ${random.one(['+', '-', '*', '&', '|', '~', '<<', '>>'])} ${i()})`,
      () =>
        `(${i()} ${random.one(['+', '-', '*', '&', '|', '~', '<<', '>>', '//', '%'])} ${1 + random.below(12)})`,
      () => `(${i()} ${random.one(['//', '%'])} ${random.chance(90) ? `(${i()} | 1)` : `I(${i()})`})`,
      () => `${random.one(['-', '~', '- -', '-~'])}${i()}`,
      () => `#${this.str(depth - 1)}`,
      () => `I(#${this.tab(depth - 1)})`,
      () => `math.${random.one(['max', 'min'])}(I(${i()}), I(${i()}))`,
      () => `math.${random.one(['abs', 'floor', 'ceil'])}(${i()})`,
      () => `math.fmod(I(${i()}), ${i()} | 1)`,
      () => `I(${this.any(depth - 1)})`,
      () => `I(${this.call(depth - 1)})`,
      () => `(${i()} ${random.one(['and', 'or'])} ${i()})`,
      () => `('${random.below(100)}' ${random.one(['+', '-', '*'])} ${i()})`,
      () => (this.scope.place.vararg ? `select('#', ...)` : i()),
      () => `(tonumber(${this.str(0)}, 36) or ${i()})`,
    ])
  }

  str(depth: number): string {
    const { random } = this
    const wrong = this.astray(depth)
    if (wrong !== undefined) return `(${wrong})`
    if (depth <= 0) return (random.chance(60) && this.variable('str')) || `(${random.one(STRINGS)})`
    return random.call([
      () => `cut(${this.str(depth - 1)} .. ${this.str(depth - 1)})`,
      () => `cut(${this.str(depth - 1)} .. ${this.int(depth - 1)} .. ${this.str(depth - 1)})`,
      () => `tostring(${random.chance(70) ? this.int(depth - 1) : this.bool(depth - 1)})`,
      () => `type(${this.any(depth - 1)})`,
      () => stringValue(random, this, depth),
      () => stringValue(random, this, depth),
      () => stringValue(random, this, depth),
    ])
  }

  bool(depth: number): string {
    const { random } = this
    if (depth <= 0) return random.one(['true', 'false', 'nil'])
    const sub = depth - 1
    return random.call([
      () => `(${this.int(sub)} ${random.one(['<', '<=', '>', '>=', '==', '~='])} ${this.int(sub)})`,
      () => `(${this.int(sub)} ${random.one(['<', '<=', '>', '>=', '==', '~='])} ${random.below(200) - 100})`,
      () => `(${this.str(sub)} ${random.one(['<', '<=', '>', '>=', '==', '~='])} ${this.str(sub)})`,
      () => `(${this.any(sub)} ${random.one(['==', '~='])} ${this.any(sub)})`,
      () => `not ${this.any(sub)}`,
      () => `(${this.bool(sub)} ${random.one(['and', 'or'])} ${this.bool(sub)})`,
      () => `rawequal(${this.any(sub)}, ${this.any(sub)})`,
      () => `math.ult(${this.int(sub)}, ${this.int(sub)})`,
    ])
  }

  tab(depth: number): string {
    const { random } = this
    const wrong = this.astray(depth)
    if (wrong !== undefined) return `(${wrong})`
    const known = this.variable('tab')
    if (known !== undefined && random.chance(60)) return known
    if (depth <= 0) return random.one(['{}', '{ 1, 2, 3 }', "{ x = 1, y = 'y' }", "{ 'a', 'b', n = 2 }"])
    const list = () => random.some(0, 4, () => this.whole(depth - 1)).join(', ')
    return random.call([
      () => `{ ${list()} }`,
      () => `{ x = ${this.any(depth - 1)}, [${this.str(0)}] = ${this.any(depth - 1)}, ${list()} }`,
      () => `seq(${this.any(depth - 1)}, ${this.call(depth - 1)})`,
      () => `table.pack(${this.call(depth - 1)})`,
      () =>
        `table.move(${random.chance(90) ? `{ ${list()} }` : this.any(depth - 1)}, 1, 2, ${1 + random.below(3)}, {})`,
    ])
  }

  /** A value that is not nil, so that a list of them is a sequence. */
  whole(depth: number): string {
    return `(${this.any(depth)} or ${this.random.below(9)})`
  }

  object(depth: number): string {
    return this.variable('object') ?? this.tab(depth)
  }

  /** A value of any type. */
  any(depth: number): string {
    const { random } = this
    if (depth <= 0) {
      const name = this.variable(random.one(['any', 'int', 'str', 'tab', 'object']))
      return (random.chance(60) && name) || random.one(['nil', 'true', 'false', '1', "'s'", 'G1', 'G2', 'G3'])
    }
    const sub = depth - 1
    return random.call([
      () => this.int(depth),
      () => this.str(depth),
      () => this.bool(depth),
      () => this.tab(depth),
      () => this.indexed(sub),
      () => this.indexed(sub),
      () => this.onObject(sub),
      () => this.onObject(sub),
      () => `(${this.call(sub)})`,
      () => `(${this.any(sub)} ${random.one(['and', 'or'])} ${this.any(sub)})`,
      () => `(${this.bool(sub)} and ${this.any(sub)} or ${this.any(sub)})`,
      () => (this.scope.place.vararg ? '(...)' : this.any(sub)),
      () => this.lambda(sub),
    ])
  }

  /** `t.x`, `t[k]`. */
  indexed(depth: number): string {
    const { random } = this
    const table = random.chance(60) ? this.tab(depth) : this.object(depth)
    const base = /^[A-Za-z_]\w*$/.test(table) ? table : `(${table})`
    return random.chance(50)
      ? `${base}.${random.one(KEYS)}`
      : `${base}[${random.chance(70) ? 1 + random.below(4) : random.chance(50) ? this.str(depth) : `I(${this.int(depth)})`}]`
  }

  /** An operator on a table with a metatable. */
  private onObject(depth: number): string {
    const { random } = this
    const o = () => `(${this.object(depth)})`
    const other = () => `(${this.any(depth)})`
    const operator = random.one(OPERATORS)
    return random.call([
      // of integers these two differ from the reference's: one operand is a table for certain
      () => `(${this.variable('object') ?? '{}'} ${random.one(['/', '^'])} ${other()})`,
      () => `(${o()} ${operator} ${other()})`,
      () => `(${other()} ${operator} ${o()})`,
      () => `(${o()} == ${o()})`,
      () => `(${random.one(['-', '~', '#'])}${o()})`,
      () => `${o()}(${this.list(0, 3, depth)})`,
      () => `rawget(${o()}, ${this.any(0)})`,
      () => `rawlen(${o()})`,
    ])
  }

  /** A list of values, whose last may have several. */
  list(least: number, most: number, depth: number): string {
    const values = this.random.some(least, most, () => this.any(depth))
    if (this.scope.place.vararg && this.random.chance(15)) values.push('...')
    else if (this.random.chance(15)) values.push(this.call(depth))
    return values.join(', ')
  }

  /** A call with any number of results. */
  call(depth: number): string {
    const { random } = this
    const known = this.variable('function')
    const args = () => this.list(0, 3, depth - 1)
    if (known !== undefined && random.chance(45)) return `${known}(${args()})`
    if (depth <= 0) return random.one(['V()', 'V(1, nil, 3)', "V('a', 'b')", 'V(nil)'])
    const sub = depth - 1
    return random.call([
      () => stringCall(random, this, depth),
      () => stringCall(random, this, depth),
      () => `V(${args()})`,
      () =>
        `select(${random.one(['1', '2', '-1', "'#'", this.int(sub)])}, ${this.whole(sub)}, ${args() || 'nil'})`,
      () => `table.unpack(${this.tab(sub)}, ${1 + random.below(2)}, ${random.below(5)})`,
      () => `pcall(${this.lambda(sub)}, ${args() || 'nil'})`,
      () => `pcall(error, ${this.any(sub)})`,
      () => `next({ ${this.whole(sub)} })`,
      () => `${this.lambda(sub)}(${args()})`,
      () => `assert(${this.any(sub)}, ${this.any(sub)})`,
      () => `math.tointeger(${this.any(sub)})`,
      () => `math.type(${this.whole(sub)})`,
      () => `type(getmetatable(${this.any(sub)}))`,
    ])
  }

  /** A function in place, in parentheses. It can't yield: whoever gets it may not be able to. */
  private lambda(depth: number): string {
    const parameters = this.random.one(['', 'a', 'a, b', '...', 'a, ...'])
    const body = this.scope.within(
      { vararg: parameters.endsWith('...'), yieldable: false, loop: false },
      () => {
        for (const name of parameters.match(/[ab]/g) ?? []) this.scope.declare(name, 'any')
        return this.list(0, 2, depth - 1)
      },
    )
    return `(function(${parameters}) return ${body} end)`
  }
}
