/** Random programs that terminate, from a seed: for comparing evaluation with the reference's. */

/** A small generator of pseudo-random numbers (xorshift32). */
function generator(seed: number): (below: number) => number {
  let state = (seed + 1) * 0x9e3779b1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const VARIABLES = ['a', 'b', 'c', 'g', 'h', 'u', 'v']

/**
 * A program over locals (a, b, c), globals (g, h) and captured variables (u, v), with calls that print
 * their argument, so that the order of evaluation shows.
 */
export function randomProgram(seed: number): string {
  const pick = generator(seed)
  const one = <T>(choices: readonly T[]): T => choices[pick(choices.length)]!
  let loops = 0

  function expression(depth: number): string {
    const sub = () => expression(depth - 1)
    if (depth <= 0) return one(['nil', 'true', 'false', '1', '0', '-3', '40000', "'s'", ...VARIABLES])
    switch (pick(15)) {
      case 0:
        return `(${sub()} and ${sub()})`
      case 1:
        return `(${sub()} or ${sub()})`
      case 2:
        return `not ${sub()}`
      case 3:
        return `(${sub()} ${one(['==', '~='])} ${sub()})`
      case 4:
        return `(n(${sub()}) ${one(['<', '<=', '>', '>='])} ${one(['n', ''])}(${pick(9)}))`
      case 5:
        return `(n(${sub()}) ${one(['+', '-', '*', '&', '|', '~'])} n(${sub()}))`
      case 6:
        return `(n(${sub()}) ${one(['+', '-', '*', '//', '%', '<<', '>>'])} ${1 + pick(9)})`
      case 7:
        return `p(${sub()})`
      case 8:
        return `(p(${sub()}, ${sub()}))`
      case 9:
        return `t[${sub()} or 0]`
      case 10:
        return `t.${one(['x', 'y'])}`
      case 11:
        return `s(${sub()}) .. s(${sub()})`
      case 12:
        return `({${sub()}, x = ${sub()}, p(${sub()}, ${sub()})})[${1 + pick(3)}]`
      case 13:
        return `(function(...) local q, r = ... u = ${sub()} return ${sub()}, q end)(${sub()}, ${sub()})`
      default:
        return `${sub()} and ${sub()} or ${sub()}`
    }
  }

  const target = () => one([...VARIABLES, 't.x', 't.y', `t[n(${expression(1)})]`])

  function statement(depth: number): string {
    const sub = () => block(depth - 1)
    switch (pick(depth > 0 ? 13 : 6)) {
      case 0:
      case 1:
        return `${target()} = ${expression(3)}`
      case 2:
        return `${target()}, ${target()} = ${expression(2)}, ${expression(2)}`
      case 3:
        return `print(${expression(3)})`
      case 4:
        return `local ${one(['a', 'b', 'd'])}, ${one(['c', 'e'])} = ${expression(2)}`
      case 5:
        return `p(${expression(2)}, p(${expression(1)}, ${expression(1)}))`
      case 6:
        return `if ${expression(3)} then ${sub()} end`
      case 7:
        return `if ${expression(3)} then ${sub()} elseif ${expression(2)} then ${sub()} else ${sub()} end`
      case 8:
        return `for i = ${1 + pick(3)}, 3 do ${sub()} if ${expression(2)} then break end ${sub()} end`
      case 9: {
        const counter = `k${loops++}`
        return `local ${counter} = 0 while ${counter} < 2 and (${expression(2)}) do ${counter} = ${counter} + 1 ${sub()} end`
      }
      case 10: {
        const counter = `k${loops++}`
        return `local ${counter} = 0 repeat ${counter} = ${counter} + 1 local w = ${expression(2)} ${sub()} until ${counter} > 1 or (${expression(2)})`
      }
      case 11: {
        const name = `f${loops++}`
        return `local w = ${expression(1)} local function ${name}(a, ...) w = a ${sub()} return w, ${expression(2)} end print(${name}(${expression(1)}), w)`
      }
      default:
        return `do ${sub()} end`
    }
  }

  const block = (depth: number): string =>
    Array.from({ length: 1 + pick(2) }, () => statement(depth)).join(' ; ')

  return `local a, b, c = 1, nil, 's' g = 5 h = false
local u, v = 2, 'v'
local t = {10, 20, 30, x = 'tx'}
local function p(...) print('p', ...) return ... end
local function n(x) if x == true then return 1 elseif not x or x == '' then return 0 end return t.num[x] or 7 end
t.num = {[0] = 0, [1] = 1, [-3] = -3, [5] = 5, [40000] = 40000}
local function s(x) if x == nil or x == true or x == false then return 'b' end return 'z' end
local function touch() u, v = v, u return u end
${Array.from({ length: 6 }, () => statement(2)).join('\n')}
print(a, b, c, g, h, u, v, t.x, t.y)`
}
