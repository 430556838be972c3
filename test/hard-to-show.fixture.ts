/** Lines that end with a value that is hard to show: deep, in a circle, or with metamethods that fail. */

const DEEP = 'local t = {} for i = 1, 5000 do t = { t } end'

export const HARD_TO_SHOW: Readonly<Record<string, string>> = {
  'an error that is a deep table': `${DEEP} error(t)`,
  'a result that is a deep table': `${DEEP} return t`,
  'a deep table with a deep key': `${DEEP} return { [t] = t }`,
  'a deep table from a coroutine': `coroutine.wrap(function() ${DEEP} error(t) end)()`,
  'an error that contains itself': 'local t = {} t[t] = t error(t)',
  'an error whose __tostring fails': 'error(setmetatable({}, { __tostring = error }))',
  'a result whose __tostring fails': 'return setmetatable({}, { __tostring = error })',
  'an error whose __tostring fails with such an error':
    'error(setmetatable({}, { __tostring = function(e) error(e) end }))',
  'an error whose __tostring gives no text':
    'error(setmetatable({}, { __tostring = function() return {} end }))',
  'an error whose __tostring calls itself for ever':
    'error(setmetatable({}, { __tostring = function(e) return tostring(e) end }))',
  'an error that is a function': 'error(print)',
  'an error that is a coroutine': 'error(coroutine.create(print))',
  'an error that is a large integer': 'error(math.mininteger)',
  'an error that is no UTF-8': "error('\\xff\\xfe')",
  'an error that is nil': 'error()',
}
