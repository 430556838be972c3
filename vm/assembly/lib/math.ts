// The integer functions of the library math.
import { BUILTIN_MATH_MAX, BUILTIN_MATH_MIN } from '../../generated/builtins'
import {
  G_RANDOM,
  G_SEED,
  MEM_SCRATCH,
  MSG_ARGUMENT_COUNT,
  MSG_EMPTY_INTERVAL,
  MSG_FMOD_ZERO,
  MSG_RANDOM_FLOAT,
  MSG_VALUE_EXPECTED,
  T_STRING,
  V_NIL,
} from '../../generated/layout'
import {
  argument,
  CONTROL,
  checkInteger,
  checkOptionalInteger,
  integerArgument,
  one,
  optionalInteger,
  result,
} from '../arguments'
import { callInstead, slowVersion } from '../frames'
import { parsedInteger, parseInteger } from '../number'
import { raiseArgument, raiseMessage } from '../raise'
import { compareStrings, intern } from '../string'
import { boolean, high, integer, integerOf, isIntegerTag, isStringTag, low, tagAt, tagged } from '../value'

/** The name 'integer' as a number, first byte lowest. */
const INTEGER_NAME: i64 = 0x72656765746e69
/** Values drawn from a fresh seed and thrown away. */
const DISCARDED: i32 = 16

/** math.abs(x): wraps for the smallest integer. */
export function mathAbs(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 0)) return CONTROL
  const i = integerArgument(args, 0)
  return one(args, integer(i < 0 ? -i : i)) // a value: it wraps
}

/** math.floor(x): there is nothing to round. */
export function mathFloor(args: usize, count: i32): i32 {
  return checkInteger(args, count, 0) ? one(args, load<i64>(args)) : CONTROL
}

/** math.ceil(x) */
export function mathCeil(args: usize, count: i32): i32 {
  return mathFloor(args, count)
}

/** Are two values of a kind that has an order without metamethods? */
function comparable(a: i64, b: i64): bool {
  return (isIntegerTag(high(a)) && isIntegerTag(high(b))) || (isStringTag(high(a)) && isStringTag(high(b)))
}

function isLess(a: i64, b: i64): bool {
  if (isStringTag(high(a))) return compareStrings(low(a), low(b)) < 0
  return integerOf(a) < integerOf(b)
}

/** The largest argument, or the smallest: by the order of `<`, so strings will do. */
function extreme(args: usize, count: i32, smallest: bool): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  let best = load<i64>(args)
  for (let i: i32 = 1; i < count; i++) {
    const v = load<i64>(argument(args, i))
    if (!comparable(best, v)) {
      return callInstead(args, count, slowVersion(smallest ? BUILTIN_MATH_MIN : BUILTIN_MATH_MAX))
    }
    if (smallest ? isLess(v, best) : isLess(best, v)) best = v
  }
  return one(args, best)
}

/** math.max(x, …) */
export function mathMax(args: usize, count: i32): i32 {
  return extreme(args, count, false)
}

/** math.min(x, …) */
export function mathMin(args: usize, count: i32): i32 {
  return extreme(args, count, true)
}

/** math.fmod(a, b): the remainder of the division that rounds towards zero. */
export function mathFmod(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 1) || !checkInteger(args, count, 0)) return CONTROL
  const b = integerArgument(args, 1)
  if (b == 0) return raiseArgument(2, MSG_FMOD_ZERO)
  // the quotient of the smallest integer and -1 does not exist
  return one(args, b == -1 ? 0 : integer(integerArgument(args, 0) % b))
}

/** math.tointeger(x): nil for what is no integer and does not read as one. */
export function mathTointeger(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  const v = load<i64>(args)
  if (isIntegerTag(high(v))) return one(args, v)
  return one(args, isStringTag(high(v)) && parseInteger(low(v)) ? parsedInteger() : V_NIL)
}

/** math.type(x): 'integer' or nil. */
export function mathType(args: usize, count: i32): i32 {
  if (count < 1) return raiseArgument(1, MSG_VALUE_EXPECTED)
  if (!isIntegerTag(tagAt(args))) return one(args, V_NIL)
  store<i64>(MEM_SCRATCH, INTEGER_NAME)
  return one(args, tagged(T_STRING, intern(MEM_SCRATCH, 7)))
}

/** math.ult(a, b): a < b as unsigned integers. */
export function mathUlt(args: usize, count: i32): i32 {
  if (!checkInteger(args, count, 0) || !checkInteger(args, count, 1)) return CONTROL
  return one(args, boolean(u64(integerArgument(args, 0)) < u64(integerArgument(args, 1))))
}

/** The next value of xoshiro256** (Blackman, Vigna: Scrambled Linear Pseudorandom Number Generators, 2018). */
function nextRandom(): i64 {
  const s0 = load<i64>(G_RANDOM)
  const s1 = load<i64>(G_RANDOM, 8)
  const s2 = load<i64>(G_RANDOM, 16) ^ s0
  const s3 = load<i64>(G_RANDOM, 24) ^ s1
  store<i64>(G_RANDOM, s0 ^ s3)
  store<i64>(G_RANDOM, s1 ^ s2, 8)
  store<i64>(G_RANDOM, s2 ^ (s1 << 17), 16)
  store<i64>(G_RANDOM, rotl<i64>(s3, 45), 24)
  return rotl<i64>(s1 * 5, 7) * 9
}

/** Seeds the generator as the reference does, so that the same seed gives the same numbers. */
export function seedRandom(first: i64, second: i64): void {
  store<i64>(G_RANDOM, first)
  store<i64>(G_RANDOM, 0xff, 8)
  store<i64>(G_RANDOM, second, 16)
  store<i64>(G_RANDOM, 0, 24)
  for (let i: i32 = 0; i < DISCARDED; i++) nextRandom()
}

/** Seeds the generator of a new state. A seeded one never has four zeros. */
function seedAtFirst(): void {
  const seen =
    load<i64>(G_RANDOM) | load<i64>(G_RANDOM, 8) | load<i64>(G_RANDOM, 16) | load<i64>(G_RANDOM, 24)
  if (!seen) seedRandom(i64(load<u32>(G_SEED)), 0)
}

/** Projects a random value into 0 … n: by a mask, drawing again while it is too large. */
function project(random: i64, n: u64): i64 {
  // a value: n + 1 wraps to 0 for all bits
  if ((n & (n + 1)) == 0) return random & i64(n)
  const mask = u64(-1) >> u64(clz(n))
  let r = u64(random) & mask
  while (r > n) r = u64(nextRandom()) & mask
  return i64(r)
}

/** math.random(0), math.random(n), math.random(m, n). */
export function mathRandom(args: usize, count: i32): i32 {
  if (count < 1) return raiseMessage(MSG_RANDOM_FLOAT, V_NIL, V_NIL)
  seedAtFirst()
  const random = nextRandom() // first, as in the reference: wrong calls take a number too
  if (count > 2) return raiseMessage(MSG_ARGUMENT_COUNT, V_NIL, V_NIL)
  if (!checkInteger(args, count, 0) || (count == 2 && !checkInteger(args, count, 1))) return CONTROL
  let lower: i64 = 1
  let upper = integerArgument(args, 0)
  if (count == 2) {
    lower = upper
    upper = integerArgument(args, 1)
  } else if (upper == 0) return one(args, integer(random))
  if (lower > upper) return raiseArgument(1, MSG_EMPTY_INTERVAL)
  // a value: the distance is right without its sign, and the sum is one of the numbers between
  return one(args, integer(lower + project(random, u64(upper) - u64(lower))))
}

/** math.randomseed([x [, y]]): returns the two parts of the seed; without arguments, a seed of its own. */
export function mathRandomseed(args: usize, count: i32): i32 {
  if (count > 0 && (!checkInteger(args, count, 0) || !checkOptionalInteger(args, count, 1))) return CONTROL
  seedAtFirst()
  const first = count > 0 ? integerArgument(args, 0) : nextRandom()
  const second = count > 0 ? optionalInteger(args, count, 1, 0) : nextRandom()
  seedRandom(first, second)
  result(args, 0, integer(first))
  result(args, 1, integer(second))
  return 2
}
