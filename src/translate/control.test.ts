/** Control flow: blocks, loops, branches to all depths and with values, tables, and code that is never reached. */
import type { TestFunction } from './encode-module.fixture.ts'
import { type Call, type Case, testThreeWays } from './three-ways.fixture.ts'

const SMALL = [
  0n,
  1n,
  2n,
  3n,
  4n,
  5n,
  6n,
  7n,
  8n,
  9n,
  100n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
]

/** Calls each function with small numbers, with pairs of them where it takes two. */
function withSmall(functions: readonly TestFunction[]): Call[] {
  return functions.flatMap(({ name, parameters = [] }): Call[] => {
    if (parameters.length === 0) return [[name]]
    if (parameters.length === 1) return SMALL.map((value) => [name, value])
    return SMALL.flatMap((a) => SMALL.map((b): Call => [name, a, b]))
  })
}

const caseOf = (functions: readonly TestFunction[]) => (): Case => ({
  module: { functions },
  calls: withSmall(functions),
})

/** Five blocks around a branch; which one it left shows in the result. */
function nested(name: string, branch: string, type: 'i32' | 'i64' = 'i32'): TestFunction {
  const depth = 5
  const ends = Array.from(
    { length: depth },
    (_, i) => `end local.get 1 i32.const ${10 ** i} i32.add local.set 1`,
  )
  const result = type === 'i32' ? 'local.get 1' : 'local.get 1 i64.extend_i32_u'
  return {
    name,
    parameters: ['i32', 'i32'],
    result: type,
    body: `${'block '.repeat(depth)} ${branch} ${ends.join(' ')} ${result}`,
  }
}

/** The same with values: each block adds a digit to what it is left with. */
function nestedWithValues(name: string, branch: string, type: 'i32' | 'i64'): TestFunction {
  const ends = Array.from({ length: 4 }, (_, i) => `end ${type}.const ${10 ** i} ${type}.add`)
  return {
    name,
    parameters: ['i32', type],
    result: type,
    body: `${`block (result ${type}) `.repeat(4)} ${branch} ${ends.join(' ')}`,
  }
}

const BRANCHES: readonly TestFunction[] = [
  ...[0, 1, 2, 3, 4, 5].map((label) =>
    label < 5 ? nested(`br_${label}`, `br ${label}`) : nested('br_out', 'i32.const 7 br 5'),
  ),
  ...[0, 1, 2, 3, 4].map((label) => nested(`br_if_${label}`, `local.get 0 br_if ${label}`, 'i64')),
  nested(
    'br_if_each',
    '0 1 2 3 4'.replace(/\d/g, (n) => `local.get 0 i32.const ${n} i32.eq br_if ${n}`),
  ),
  ...(['i32', 'i64'] as const).flatMap((type) => [
    ...[0, 1, 2, 3].map((label) =>
      nestedWithValues(`value_${type}_br_${label}`, `local.get 1 br ${label}`, type),
    ),
    ...[0, 1, 2, 3].map((label) =>
      nestedWithValues(
        `value_${type}_br_if_${label}`,
        `local.get 1 local.get 0 br_if ${label} ${type}.const 5 ${type}.mul`,
        type,
      ),
    ),
    nestedWithValues(`value_${type}_br_table`, 'local.get 1 local.get 0 br_table 2 0 3 1 1 0', type),
  ]),
  {
    name: 'br_with_more_on_the_stack',
    parameters: ['i32', 'i64'],
    result: 'i32',
    body: `i32.const 1 block (result i32) local.get 1 i32.const 8 i32.const 9 local.get 0 br_if 0 drop drop drop i32.const 3 end
      i32.add i32.const 2 block (result i32) i64.const 4 local.get 0 i32.const 5 i32.lt_u if i32.const 6 br 1 end drop i32.const 7 end i32.mul i32.add`,
  },
  {
    name: 'if_chain',
    parameters: ['i32'],
    result: 'i32',
    body: `local.get 0 i32.const 2 i32.lt_s if (result i32) local.get 0 if (result i32) i32.const 11 else i32.const 12 end
      else local.get 0 i32.const 5 i32.eq if (result i32) i32.const 13 br 2 else i32.const 14 end i32.const 1 i32.add end`,
  },
  {
    name: 'if_without_else',
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: 'local.get 0 if local.get 1 i32.const 3 i32.add local.set 1 end local.get 1 if local.get 0 local.set 1 else nop end local.get 1',
  },
  {
    name: 'and_or',
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: `local.get 0 i32.const 3 i32.lt_s local.get 1 i32.const 5 i32.gt_u i32.and if i32.const 1 return end
      local.get 0 i32.const 8 i32.eq local.get 1 i32.eqz i32.or if i32.const 2 return end
      local.get 0 i32.const 1 i32.eq if (result i32) local.get 1 i32.const 2 i32.ne else i32.const 0 end if i32.const 3 return end
      local.get 0 i32.const 1 i32.eq if (result i32) i32.const 1 else local.get 1 i32.const 2 i32.ne end if i32.const 4 return end i32.const 5`,
  },
  {
    name: 'early_return',
    parameters: ['i64', 'i32'],
    result: 'i64',
    body: 'block loop local.get 1 br_if 1 local.get 0 return end end local.get 0 i64.const 1 i64.add',
  },
]

/** Each case leaves with a number of its own, and through blocks shared by several. */
function table(name: string, labels: string): TestFunction {
  return nested(name, `local.get 0 br_table ${labels}`)
}

const TABLES: readonly TestFunction[] = [
  table('each', '0 1 2 3 4'),
  table('default_only', '2'),
  table('one', '1 3'),
  table('one_target', '2 2 2 2 2'),
  table('repeated', '0 0 1 1 1 0 2 2 2'),
  table('alternating', '0 1 0 1 0 1 0 1 3'),
  table('default_inside', '4 1 4 2 4 3 4'),
  table('default_behind', '3 0 0 0 0 4 4'),
  table('long', Array.from({ length: 200 }, (_, i) => (i * 7) % 5).join(' ')),
  nested('computed', 'local.get 0 local.get 1 i32.sub i32.const 3 i32.and br_table 0 1 2 3'),
  nested('loaded', 'local.get 0 i32.const 255 i32.and i32.load8_u offset=512 br_table 4 2 3 0 1'),
  nested('constant', 'i32.const 2 br_table 4 2 3 0 1'),
  nested('constant_beyond', 'i32.const -1 br_table 4 2 3 0 1'),
  nested('from_long', 'local.get 0 i64.extend_i32_s i64.const 32 i64.shr_u i32.wrap_i64 br_table 0 1 2'),
  {
    name: 'to_loops',
    parameters: ['i32', 'i32'],
    result: 'i32',
    body: `block loop block loop local.get 1 i32.const 3 i32.mul local.get 0 i32.add i32.const 0xffff i32.and local.set 1
      local.get 0 i32.const 0 i32.le_s br_if 3 local.get 0 i32.const 40 i32.gt_u br_if 3
      local.get 0 i32.const 1 i32.sub local.set 0 local.get 1 i32.const 3 i32.and br_table 0 1 2 3 end end
      local.get 1 i32.const 5 i32.add local.set 1 br 0 end end local.get 1`,
  },
]

const LOOPS: readonly TestFunction[] = [
  {
    name: 'sum',
    parameters: ['i32'],
    result: 'i64',
    locals: ['i64'],
    body: `local.get 0 i32.const 1000 i32.rem_u local.set 0
      loop local.get 1 local.get 0 i64.extend_i32_u i64.add local.set 1 local.get 0 i32.const 1 i32.sub local.tee 0 i32.const 0 i32.gt_s br_if 0 end local.get 1`,
  },
  {
    name: 'while',
    parameters: ['i64'],
    result: 'i32',
    locals: ['i32'],
    body: `block loop local.get 0 i64.eqz br_if 1 local.get 0 i64.const 1 i64.shr_u local.set 0 local.get 1 i32.const 1 i32.add local.set 1 br 0 end end local.get 1`,
  },
  {
    name: 'several_back_edges',
    parameters: ['i32', 'i32'],
    result: 'i32',
    locals: ['i32'],
    body: `loop (result i32) local.get 2 i32.const 1 i32.add local.tee 2 i32.const 30 i32.gt_u if local.get 1 return end
      local.get 1 i32.const 3 i32.and i32.eqz if local.get 1 i32.const 1 i32.add local.set 1 br 1 end
      local.get 1 i32.const 1 i32.and if local.get 1 local.get 0 i32.xor local.set 1 br 1 end
      local.get 1 i32.const 1 i32.shr_u local.set 1 local.get 2 i32.const 20 i32.lt_u br_if 0 local.get 1 end`,
  },
  {
    name: 'nested_loops',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32', 'i32', 'i32', 'i32'],
    body: `local.get 0 i32.const 7 i32.and local.set 0 i32.const 0 local.set 1
      loop i32.const 0 local.set 2 loop i32.const 0 local.set 3 loop
      local.get 4 local.get 1 i32.const 100 i32.mul local.get 2 i32.const 10 i32.mul i32.add local.get 3 i32.add i32.add local.set 4
      local.get 3 i32.const 1 i32.add local.tee 3 local.get 0 i32.lt_u br_if 0 end
      local.get 2 i32.const 1 i32.add local.tee 2 local.get 0 i32.lt_u br_if 0 end
      local.get 1 i32.const 1 i32.add local.tee 1 local.get 0 i32.lt_u br_if 0 end local.get 4`,
  },
  {
    name: 'continue_outer',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32', 'i32', 'i32'],
    body: `loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 20 i32.gt_s if local.get 3 return end i32.const 0 local.set 2
      loop local.get 2 i32.const 1 i32.add local.tee 2 local.get 0 i32.const 15 i32.and i32.gt_u br_if 1
      local.get 3 local.get 2 i32.add local.set 3 local.get 2 local.get 1 i32.lt_s br_if 0 end br 0 end unreachable`,
  },
  {
    name: 'loop_value',
    parameters: ['i32'],
    result: 'i32',
    body: `i32.const 1000 loop (result i32) local.get 0 i32.const 3 i32.gt_u local.get 0 i32.const 50 i32.lt_u i32.and
      if local.get 0 i32.const 1 i32.sub local.set 0 br 1 end local.get 0 end i32.add`,
  },
  {
    name: 'never_again',
    parameters: ['i32'],
    result: 'i32',
    body: 'loop (result i32) local.get 0 i32.const 2 i32.add end',
  },
  { name: 'left_at_once', parameters: ['i32'], result: 'i32', body: 'block loop br 1 end end local.get 0' },
  {
    name: 'wrapping_counter',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32', 'i32'],
    body: `local.get 0 i32.const 0xf i32.and i32.const -8 i32.sub i32.const -1 i32.xor local.set 1
      loop local.get 2 local.get 1 i32.xor i32.const 5 i32.rotl local.set 2 local.get 1 i32.const 1 i32.add local.tee 1 br_if 0 end local.get 2`,
  },
  {
    // in the loop, that locals 2 and 3 never change shows only at its end
    name: 'constant_conditions_in_a_loop',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32', 'i32', 'i32', 'i64'],
    body: `i32.const 1 local.set 2 i32.const 0 local.set 3
      loop local.get 0 local.get 1 local.get 2 select local.get 1 local.get 0 local.get 3 select i32.add local.get 1 i32.add
      local.get 0 i32.const 7 local.get 3 select i32.add local.set 1
      local.get 4 local.get 1 i64.extend_i32_u local.get 2 select local.set 4
      local.get 2 if local.get 1 i32.const 1 i32.xor local.set 1 end
      local.get 0 i32.const 1 i32.shr_u local.tee 0 br_if 0 end local.get 1 local.get 4 i32.wrap_i64 i32.add`,
  },
  {
    name: 'late_constants',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32', 'i32', 'i64', 'i32'],
    body: `i32.const 1 local.set 1 i64.const 6 local.set 3
      loop local.get 0 i32.const 3 i32.eq if i32.const 1 local.set 1 i64.const 6 local.set 3 i32.const 0 local.set 4 end
      local.get 2 i32.const 1 i32.add local.tee 2 i32.const 3 i32.lt_u br_if 0 end
      i32.const 5 local.get 2 local.get 1 select local.get 3 i64.const 7 i64.lt_u i32.add
      local.get 1 if (result i32) i32.const 9 else i32.const 8 end i32.add
      i32.const 40 i32.const 40 local.get 0 select i32.add
      local.get 0 local.get 2 local.get 4 select i32.add local.get 2 local.get 0 local.get 4 select i32.add
      local.get 0 local.get 2 local.get 1 select i32.add i32.const 2 i32.const 3 local.get 4 select i32.add
      i32.const 3 i32.const 4 local.get 0 i32.const 2 i32.lt_u select if (result i32) i32.const 100 else i32.const 200 end i32.add
      block (result i32) i32.const 1000 local.get 1 br_table 0 0 0 end i32.add`,
  },
]

/** What is behind br, return and unreachable must be skipped with its blocks; a real encoder keeps it. */
const UNREACHED: readonly TestFunction[] = [
  {
    name: 'behind_br',
    parameters: ['i32'],
    result: 'i32',
    body: 'block br 0 block local.get 0 if i32.const 1 br 0 else unreachable end end loop br 0 end i32.const 3 drop end local.get 0',
  },
  {
    name: 'behind_return',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 return i32.const 4 i32.add drop loop (result i32) i32.const 1 br 1 end if nop else end i32.const 7',
  },
  {
    name: 'behind_table',
    parameters: ['i32'],
    result: 'i32',
    body: 'block block local.get 0 br_table 0 1 drop i32.add if (result i32) i32.const 1 else i32.const 2 end drop end i32.const 5 return end i32.const 6',
  },
  {
    name: 'behind_unreachable',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 i32.const 5 i32.eq if unreachable i32.add drop block br 0 end end local.get 0',
  },
  {
    name: 'unreached_else',
    parameters: ['i32'],
    result: 'i32',
    body: 'i32.const 1 if (result i32) local.get 0 else local.get 0 if (result i32) i32.const 1 else i32.const 2 end end',
  },
  {
    name: 'both_ways_leave',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 if (result i32) i32.const 1 return else i32.const 2 return end i32.const 3 i32.add',
  },
  {
    name: 'dead_loop',
    parameters: ['i32'],
    result: 'i32',
    body: 'i32.const 0 if loop local.get 0 br_if 0 br 0 end end local.get 0',
  },
  {
    name: 'unreached_call',
    parameters: ['i32'],
    result: 'i32',
    body: 'local.get 0 return local.get 0 call 8',
  },
  {
    name: 'only_called_from_there',
    parameters: ['i32'],
    result: 'i32',
    locals: ['i32'],
    body: 'loop local.get 1 i32.const 1 i32.add local.tee 1 local.get 0 i32.lt_u br_if 0 end local.get 1',
    exported: false,
  },
  { name: 'nothing', body: '' },
  { name: 'traps', body: 'unreachable' },
  { name: 'traps_with_value', result: 'i64', body: 'unreachable i64.add' },
]

testThreeWays({
  branches: caseOf(BRANCHES),
  tables: caseOf(TABLES),
  loops: caseOf(LOOPS),
  'code that is never reached': () => ({
    module: { functions: UNREACHED },
    calls: withSmall(UNREACHED.filter(({ exported = true }) => exported)),
  }),
})
