// Builds the machine of machine/ for one candidate: copies the sources to a temporary folder, puts the
// candidate's file in place of value.ts, generates opcodes.ts and config.ts, and calls asc.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCES = fileURLToPath(new URL('./machine/', import.meta.url))

/** Operations of the machine; an opcode is its index here. */
export const OPS = [
  ...['MOVE', 'LOADI', 'LOADK', 'GETGLOBAL', 'GETFIELD', 'SETFIELD', 'SELF', 'GETTABLE', 'SETTABLE'],
  ...['NEWTABLE', 'DROPARRAY', 'ADD', 'SUB', 'MUL', 'MOD', 'ADDI', 'JMP', 'JNLTI', 'JLT', 'JNLT'],
  ...['SKIPLTI', 'SKIPNLT', 'FORPREP', 'FORLOOP', 'CALL', 'RETURN1', 'RETURN0', 'HALT'],
]

/**
 * What is measured: a candidate's file, how fuel is charged, and for W how an integer is told
 * (0: second load of the high half, 1: shift of the word, 2: 64-bit comparison).
 */
export const VARIANTS = {
  W: { value: 'word', exactFuel: true, check: 0 },
  Ws: { value: 'word', exactFuel: true, check: 1 },
  Wc: { value: 'word', exactFuel: true, check: 2 },
  Wb: { value: 'word', exactFuel: false, check: 0 },
  S: { value: 'slot', exactFuel: true, check: 0 },
  L: { value: 'lowbit', exactFuel: true, check: 0 },
}

/** Numbers that follow from a seed (xorshift32), to shuffle with. */
function numbersFrom(seed) {
  let x = seed * 0x9e3779b1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
}

/**
 * The machine with its handlers in another order (0: as written). What the compiler places where changes
 * times by more than candidates differ, so that one order alone would measure luck.
 */
function reorderHandlers(source, seed) {
  const [head, ...handlers] = source.split(/(?= {6}case OP\.)/)
  if (seed === 0) return source
  const last = handlers.pop()
  const next = numbersFrom(seed)
  const shuffled = handlers.map((text) => ({ text, key: next() })).sort((a, b) => a.key - b.key)
  return head + shuffled.map(({ text }) => text).join('') + last
}

function writeSources(folder, variant, seed) {
  for (const name of ['setup', 'memory', 'table'])
    copyFileSync(join(SOURCES, `${name}.ts`), join(folder, `${name}.ts`))
  const machine = readFileSync(join(SOURCES, 'machine.ts'), 'utf8')
  writeFileSync(join(folder, 'machine.ts'), reorderHandlers(machine, seed))
  copyFileSync(join(SOURCES, `${variant.value}.ts`), join(folder, 'value.ts'))
  const codes = OPS.map((name, i) => `  export const ${name}: i32 = ${i}\n`)
  writeFileSync(join(folder, 'opcodes.ts'), `export namespace OP {\n${codes.join('')}}\n`)
  writeFileSync(
    join(folder, 'config.ts'),
    `export const EXACT_FUEL: bool = ${variant.exactFuel}\nexport const CHECK: i32 = ${variant.check}\n`,
  )
}

/** The optimized WebAssembly of a variant, as bytes, with its handlers in the seed's order. Raises with asc's messages. */
export async function build(variant, seed = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-values-'))
  try {
    writeSources(folder, variant, seed)
    const options = [
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '1024',
      '--use',
      'abort=',
      '--disable',
      'bulk-memory',
    ]
    const output = join(folder, 'machine.wasm')
    const { error, stderr } = await asc.main([join(folder, 'machine.ts'), '-o', output, ...options])
    if (error) throw new Error(`${error.message}\n${stderr}`)
    return readFileSync(output)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
