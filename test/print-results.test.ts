/** Results are printed by the library's own print, whatever scripts do to the global. */
import { expect, test } from 'vitest'
import { describeEngines } from './kernel-state.fixture.ts'

describeEngines('results of a line', (create) => {
  test.each(['print = nil', 'print = error', 'tostring, select, _G = nil', 'debug.setmetatable("", nil)'])(
    'are printed after %s',
    async (line) => {
      let printed = ''
      using state = create({
        output: (text) => {
          printed += Buffer.from(text)
        },
      })
      await state.loadAndPrint(line)
      await state.loadAndPrint('return 1, "two", nil, {} ~= nil')
      expect(printed).toBe('1\ttwo\tnil\ttrue\n')
      const many = 'local t = {} for i = 1, 100 do t[i] = i end return table.unpack(t)'
      await state.loadAndPrint(many)
      expect(printed.split('\t').at(-1)).toBe('100\n')
    },
  )

  test('a value that cannot be shown is an error of its line only', async () => {
    let printed = ''
    using state = create({
      output: (text) => {
        printed += Buffer.from(text)
      },
    })
    const line = "return setmetatable({}, { __tostring = function() error('no', 0) end })"
    await expect(state.loadAndPrint(line)).rejects.toThrow('no')
    await state.loadAndPrint("return setmetatable({}, { __tostring = function() return 'yes' end })")
    expect(printed).toBe('yes\n')
  })
})
