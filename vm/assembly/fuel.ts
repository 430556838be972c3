// What work costs beyond the one unit of fuel of each instruction, so that time follows fuel, whatever a script does.
// Instructions that charge (flag f in src/isa/opcodes.ts), library functions among them, pay at once. In others the
// dispatcher holds the fuel: they owe, and what is owed is paid by the next library function, or by COLLECT, where
// `settled` sends those that may owe much.
import {
  G_BUDGET,
  G_EXPIRED,
  G_FORFEITED,
  G_FUEL,
  G_GC_PC,
  G_GRACE,
  G_OWED,
  LIMIT_GRACE_FUEL,
  STATIC_COLLECT,
} from '../generated/layout'

/** Values that an instruction handles for nothing more; of more, four cost as much as an instruction. */
const FREE_VALUES: i32 = 32

/**
 * Pays for work, in units of fuel. The fuel may be overdrawn: the next instruction stops then. Negative work counts as the
 * unsigned number that it looks like, so fuel only falls.
 */
export function pay(work: i32): void {
  store<i64>(G_FUEL, load<i64>(G_FUEL) - i64(u32(work)))
}

/** Pays for handling so many values. */
export function payForValues(count: i32): void {
  if (count > FREE_VALUES) pay(count >> 2)
}

/** The same for steps from one place to the next: along frames, or slots of a table. */
export function payForSteps(count: i32): void {
  if (count > FREE_VALUES) pay(count >> 3)
}

/** The same for levels of a stack, each of which takes as long as two instructions or more. */
export function payForLevels(count: i32): void {
  if (count > FREE_VALUES) pay(count << 1)
}

/** Work that is to be paid later. */
export function owe(work: i32): void {
  store<i32>(G_OWED, load<i32>(G_OWED) + work)
}

export function payOwed(): void {
  const owed = load<i32>(G_OWED)
  if (!owed) return
  store<i32>(G_OWED, 0)
  pay(owed)
}

/** The next instruction, or COLLECT before it, if there is something to be paid. */
export function settled(pc: usize): usize {
  if (!load<i32>(G_OWED) || pc == STATIC_COLLECT) return pc
  store<u32>(G_GC_PC, u32(pc))
  return STATIC_COLLECT
}

/**
 * The time of the call under way is over: it goes on as if its fuel were used up. What is taken away has not been used;
 * that the call gets its grace afterwards, if it has not had it, is allowed for.
 */
export function expire(): void {
  const fuel = load<i64>(G_FUEL)
  const left = load<i64>(G_BUDGET) + (fuel > 0 ? fuel : 0)
  const grace = load<i32>(G_GRACE) ? 0 : LIMIT_GRACE_FUEL
  store<i64>(G_FORFEITED, left - i64(grace))
  store<i64>(G_BUDGET, 0)
  if (fuel > 0) store<i64>(G_FUEL, 0)
  store<i32>(G_EXPIRED, 1)
}
