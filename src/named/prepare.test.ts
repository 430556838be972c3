/** The options of `create`, of whatever shape: what isn't right is refused before anything is made. */
import { describe, expect, test } from 'vitest'
import { NamedStatesFixture } from '../../test/named-states.fixture.ts'
import type { CreateOptions } from './named-state.ts'
import { UserStates } from './user-states.ts'

const KNOWN = 'the options are memory, fuel, deadline, libraries, description, perCpu'

const WRONG: readonly (readonly [options: unknown, problem: string, hint?: string])[] = [
  [{ memmory: 1 << 20 }, "there is no option 'memmory'", "did you mean 'memory'?"],
  [{ engine: 'kernel' }, "there is no option 'engine'", KNOWN],
  [JSON.parse('{ "__proto__": {} }'), "there is no option '__proto__'", KNOWN],
  [{ memory: '1M' }, "memory is '1M', not 64 KiB to "],
  [{ memory: 1 }, 'memory is 1, not 64 KiB to '],
  [{ memory: null }, 'memory is null, not 64 KiB to '],
  [{ fuel: '5' }, "fuel is '5', not a number"],
  [{ fuel: NaN }, 'fuel is NaN, which is no positive number of instructions'],
  [{ deadline: '5' }, "deadline is '5', not a number"],
  [{ deadline: NaN }, 'deadline is NaN, which is no positive number of milliseconds'],
  [{ libraries: 'string' }, "libraries is 'string', not an array"],
  [{ libraries: ['strings'] }, "no library 'strings'; there are coroutine, string, "],
  [{ libraries: [7] }, 'no library 7; there are coroutine, string, '],
  [{ description: 7 }, 'description is 7, not a string'],
  [{ perCpu: 1 }, 'perCpu is 1, not true or false'],
  [['memory'], 'its options are an array, not an object'],
  [null, 'its options are null, not an object'],
  ['fuel', "its options are 'fuel', not an object"],
]

const fixture = new NamedStatesFixture()

describe.each([
  ['user space', () => new UserStates()],
  ['the kernel', () => fixture.states],
] as const)('in %s', (_, make) => {
  test.each(WRONG)('%j', async (options, problem, hint) => {
    const error = await make()
      .create('wrong', options as CreateOptions)
      .then(
        () => undefined,
        (thrown: { code: string; message: string; hint?: string }) => thrown,
      )
    expect(error).toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringMatching(/^Cannot create (a state|the state 'wrong'): /),
      ...(hint !== undefined && { hint }),
    })
    expect(error?.message).toContain(`: ${problem}`)
  })
})
