// The programs of the benchmark: bytecode for the machine, and the same in Lua for lua5.4 (whose result
// must agree). Each `code` is a list of functions, the main one first; an instruction is [op, A, B, C, D],
// with labels, strings and constants by name.

/** Instructions of a numeric loop: R[a] from 1 to R[a+1], variable in R[a+3]. */
function loop(a, name, body) {
  return [
    ['FORPREP', a, 0, 0, { to: `${name}-end` }],
    `${name}:`,
    ...body,
    ['FORLOOP', a, 0, 0, { to: name }],
    `${name}-end:`,
  ]
}

const range = (a, limit) => [
  ['LOADI', a, 0, 0, 1],
  ['LOADI', a + 1, 0, 0, limit],
  ['LOADI', a + 2, 0, 0, 1],
]

const fibBody = [
  ['GETGLOBAL', 1, 0, 0, { string: 'fib' }],
  ['ADDI', 3, 0, 0, -1],
  ['CALL', 1, 2, 2],
  ['GETGLOBAL', 2, 0, 0, { string: 'fib' }],
  ['ADDI', 4, 0, 0, -2],
  ['CALL', 2, 2, 2],
  ['ADD', 1, 1, 2],
  ['RETURN1', 1],
]

function fib(head) {
  const main = [
    ['GETGLOBAL', 0, 0, 0, { string: 'fib' }],
    ['LOADI', 2, 0, 0, 30],
    ['CALL', 0, 2, 2],
    ['HALT', 0],
  ]
  return {
    functions: [
      { code: main },
      { global: 'fib', parameters: 1, frame: 8, code: [...head, 'more:', ...fibBody] },
    ],
    lua: 'function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end',
    call: 'fib(30)',
  }
}

// s = (s + i * 3) % 1000003
const integerLoop = {
  functions: [
    {
      code: [
        ['LOADI', 0, 0, 0, 0],
        ['LOADI', 1, 0, 0, 3],
        ['LOADI', 2, 0, 0, 1000003],
        ...range(3, 10_000_000),
        ...loop(3, 'i', [
          ['MUL', 7, 6, 1],
          ['ADD', 7, 0, 7],
          ['MOD', 0, 7, 2],
        ]),
        ['HALT', 0],
      ],
    },
  ],
  lua: `local function f() local s, k, m = 0, 3, 1000003
    for i = 1, 10000000 do s = (s + i * k) % m end return s end`,
  call: 'f()',
}

function table(size, rounds) {
  const fill = loop(7, 'fill', [['SETTABLE', 10, 6, 10]])
  const read = loop(7, 'read', [
    ['GETTABLE', 11, 6, 10],
    ['ADD', 0, 0, 11],
  ])
  const body = [['NEWTABLE', 6], ...range(7, size), ...fill, ...range(7, size), ...read, ['DROPARRAY', 6]]
  return {
    functions: [
      { code: [['LOADI', 0, 0, 0, 0], ...range(1, rounds), ...loop(1, 'round', body), ['HALT', 0]] },
    ],
    lua: `local function f() local s = 0
      for r = 1, ${rounds} do local t = {}
        for i = 1, ${size} do t[i] = i end
        for i = 1, ${size} do s = s + t[i] end end return s end`,
    call: 'f()',
  }
}

// obj:inc(i), found through the metatable's __index; inc: self.n = self.n + k
const method = {
  functions: [
    {
      code: [
        ['GETGLOBAL', 0, 0, 0, { string: 'obj' }],
        ...range(1, 3_000_000),
        ...loop(1, 'i', [
          ['SELF', 5, 0, 0, { string: 'inc' }],
          ['MOVE', 8, 4],
          ['CALL', 5, 3, 1],
        ]),
        ['GETFIELD', 0, 0, 0, { string: 'n' }],
        ['HALT', 0],
      ],
    },
    {
      method: 'inc',
      parameters: 2,
      frame: 4,
      code: [
        ['GETFIELD', 2, 0, 0, { string: 'n' }],
        ['ADD', 2, 2, 1],
        ['SETFIELD', 2, 0, 0, { string: 'n' }],
        ['RETURN0'],
      ],
    },
  ],
  lua: `local C = {} C.__index = C
    function C.inc(self, k) self.n = self.n + k end
    local function f() local obj = setmetatable({n = 0}, C)
      for i = 1, 3000000 do obj:inc(i) end return obj.n end`,
  call: 'f()',
}

function whileLoop(head) {
  const body = ['top:', ...head, ['ADDI', 0, 0, 0, 1], ['JMP', 0, 0, 0, { to: 'top' }], 'end:', ['HALT', 0]]
  return {
    functions: [{ code: [['LOADI', 0, 0, 0, 0], ['LOADI', 1, 0, 0, 10_000_000], ...body] }],
    lua: 'local function f() local i, n = 0, 10000000 while i < n do i = i + 1 end return i end',
    call: 'f()',
  }
}

// test at the end: one instruction closes the loop
const whileTurned = {
  ...whileLoop([]),
  functions: [
    {
      code: [
        ['LOADI', 0, 0, 0, 0],
        ['LOADI', 1, 0, 0, 10_000_000],
        ['JMP', 0, 0, 0, { to: 'test' }],
        'body:',
        ['ADDI', 0, 0, 0, 1],
        'test:',
        ['JLT', 0, 1, 0, { to: 'body' }],
        ['HALT', 0],
      ],
    },
  ],
}

// walks upwards from the smallest integer, through the band that W boxes and L's boxed half
const band = {
  functions: [
    {
      code: [
        ['LOADK', 0, 0, 0, { constant: -(2n ** 63n) }],
        ['LOADK', 1, 0, 0, { constant: 2n ** 33n + 5n }],
        ['LOADI', 2, 0, 0, 3],
        ['LOADI', 3, 0, 0, 0],
        ['LOADI', 10, 0, 0, 1000003],
        ...range(4, 40),
        ...loop(4, 'i', [
          ['MOD', 8, 0, 10],
          ['ADD', 3, 3, 8],
          ['MUL', 8, 0, 2],
          ['ADD', 3, 3, 8],
          ['ADD', 0, 0, 1],
        ]),
        ['ADD', 0, 0, 3],
        ['HALT', 0],
      ],
    },
  ],
  lua: `local function f() local x, d, k, s = math.mininteger, (1 << 33) + 5, 3, 0
    for i = 1, 40 do s = s + x % 1000003 s = s + x * k x = x + d end return x + s end`,
  call: 'f()',
}

/** Measured programs by name. */
export const PROGRAMS = {
  'fib(30)': fib([
    ['JNLTI', 0, { e: 2 }, 0, { to: 'more' }],
    ['RETURN1', 0],
  ]),
  'integer loop, 10M': integerLoop,
  'table 1M, 3 rounds': table(1_000_000, 3),
  'table 10k, 300 rounds': table(10_000, 300),
  'table 100, 30k rounds': table(100, 30_000),
  'method calls, 3M': method,
  'while loop, 10M': whileLoop([['JNLT', 0, 1, 0, { to: 'end' }]]),
}

/** The same with a comparison that skips, and a jump: [fused program, split program]. */
export const SPLIT = {
  'fib(30), split': fib([
    ['SKIPLTI', 0, { e: 2 }],
    ['JMP', 0, 0, 0, { to: 'more' }],
    ['RETURN1', 0],
  ]),
  'while loop, split': whileLoop([
    ['SKIPNLT', 0, 1],
    ['JMP', 0, 0, 0, { to: 'body' }],
    ['JMP', 0, 0, 0, { to: 'end' }],
    'body:',
  ]),
  'while loop, turned': whileTurned,
}

/** Checked, not measured. */
export const CHECKS = { 'boxed integers': band }
