/**
 * Mode `compiler`: Moonring must accept the texts that lua5.4 accepts, and say the same of the others. What it accepts must
 * load.
 */
import { isUtf8 } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { compileWithin } from '../../src/lang/compile.ts'
import { type Diagnostic, referenceMessage } from '../../src/lang/diagnostics.ts'
import { OutOfMemory } from '../../src/state/errors.ts'
import { State } from '../../src/state/state.ts'
import type { FuzzMode, FuzzRun } from './mode.ts'
import { textOf } from './texts.ts'

/** Texts for one process of lua5.4. */
const BATCH = 250
/** Texts that are tried to make one with a difference smaller. */
const TRIES = 200
const ACCEPTED = 'compiles'
const MUCH = Number.MAX_SAFE_INTEGER

/** Reads texts as `LENGTH\nTEXT`, and prints a line for each. */
const READER = `
for line in io.lines() do
  local _, e = load(io.read(tonumber(line)) or '', '=x', 't')
  print((tostring(e or '${ACCEPTED}'):gsub('[%c\\\\]', function(c) return ('\\\\%03d'):format(c:byte()) end)))
end`

/** What lua5.4 says of each text. */
function reference(texts: readonly string[]): string[] {
  const input = Buffer.from(texts.map((text) => `${text.length}\n${text}`).join(''), 'latin1')
  const { stdout, error, status } = spawnSync('lua5.4', ['-e', READER], {
    input,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  })
  if (error) throw error
  const lines = stdout.split('\n').slice(0, -1)
  if (status !== 0 || lines.length !== texts.length)
    throw new Error('lua5.4 has read the texts in another way')
  return lines
}

/** What differs by design (docs/language.md): floats, depth, registers. */
const BY_DESIGN = new Set(['L012', 'L013', 'L061', 'L062'])
const LIMITS = /C stack overflow|too many registers|too many C levels|labels\/gotos/

const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
  text.replace(/[\x00-\x1f\x7f\\]/g, (c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`)

/**
 * Bytes that are no ASCII become U+FFFD in messages, if they are no UTF-8. Releases of 5.4 differ in the words of one
 * message, and in which line they say that an argument list begins on.
 */
const comparable = (message: string): string =>
  message
    .replace(/[\x80-\xff]+/g, '?')
    .replace('break outside a loop', 'break outside loop')
    .replace(/ \(to close '\(' at line \d+\)/, '')

/** What the resolver finds; it doesn't see functions in a statement that has a syntax error after them. */
const OF_RESOLVER =
  /break outside|no visible label|jumps into the scope|already defined|assign to const|upvalues/

class CompilerRun implements FuzzRun {
  #batch: { readonly from: number; readonly expected: readonly string[] } | undefined
  #state = newState()
  #tried = 0
  #accepted = 0

  difference(seed: number): string | undefined {
    const text = textOf(seed)
    const found = this.#compare(text, this.#expected(seed))
    if (found === undefined) return undefined
    const small = this.#smaller(text)
    const [said] = reference([small])
    return `made smaller: ${JSON.stringify(small)}\n${this.#compare(small, said!) ?? found}`
  }

  #expected(seed: number): string {
    const batch = this.#batch
    if (batch && seed >= batch.from && seed < batch.from + BATCH) return batch.expected[seed - batch.from]!
    const expected = reference(Array.from({ length: BATCH }, (_, i) => textOf(seed + i)))
    this.#batch = { from: seed, expected }
    return expected[0]!
  }

  /** What is wrong with what Moonring says of a text. */
  #compare(text: string, expected: string): string | undefined {
    if (text.startsWith('\x1b')) return undefined // is taken for a binary chunk
    this.#tried++
    const bytes = Buffer.from(text, 'latin1')
    const outcome = compileWithin(bytes, '=x', { fuel: MUCH, memory: MUCH })
    if (outcome.kind === 'stopped') return 'it has stopped'
    if (outcome.kind === 'errors') return differs(outcome.diagnostics, expected)
    if (expected !== ACCEPTED && !LIMITS.test(expected)) return `lua5.4:   ${expected}\nmoonring: ${ACCEPTED}`
    this.#accepted++
    return isUtf8(bytes) ? this.#load(bytes.toString()) : undefined
  }

  /** Whether the state takes the chunk. */
  #load(text: string): string | undefined {
    try {
      const [fine] = this.#state.callSync('takes', text)
      return fine === true ? undefined : 'the state refuses the chunk'
    } catch (error) {
      this.#state = newState()
      return error instanceof OutOfMemory ? undefined : `loading the chunk: ${error}`
    }
  }

  /** The text without what can be left out, as long as something is wrong. */
  #smaller(text: string): string {
    let [small, tries] = [text, 0]
    const kind = kindOf(this.#compare(text, reference([text])[0]!))
    for (let length = text.length >> 1; length > 0; length >>= 1) {
      for (let at = 0; at < small.length && tries < TRIES; tries++) {
        const shorter = small.slice(0, at) + small.slice(at + length)
        if (kindOf(this.#compare(shorter, reference([shorter])[0]!)) !== kind) at += length
        else small = shorter
      }
    }
    return small
  }

  summary(): string {
    return `${this.#tried} texts compared, ${this.#accepted} of them compile`
  }

  close(): void {
    this.#state.close()
  }
}

/** What a difference is about: without names and numbers. */
const kindOf = (difference: string | undefined): string | undefined =>
  difference?.replace(/'[^']*'|near .*|\d+/g, '')

function newState(): State {
  const state = new State({ memory: 16 << 20, fuel: 1e9 })
  state.loadSync("function takes(text) return load(text, '=x', 't') ~= nil end")
  return state
}

function differs(diagnostics: readonly Diagnostic[], expected: string): string | undefined {
  const first = diagnostics[0]!
  const message = escaped(referenceMessage('=x', first))
  if (first.code === 'L070') return `the compiler failed: ${message}`
  if (BY_DESIGN.has(first.code) || LIMITS.test(expected)) return undefined
  if (comparable(message) === comparable(expected)) return undefined
  if ((first.code < 'L040' || first.code === 'L046') && OF_RESOLVER.test(expected)) return undefined
  // of several errors in a text, another one may come first
  const all = diagnostics.map((one) => comparable(escaped(referenceMessage('=x', one))))
  if (all.includes(comparable(expected))) return undefined
  return `lua5.4:   ${expected}\nmoonring: ${message}`
}

export const COMPILER_MODE: FuzzMode = {
  name: 'compiler',
  about: 'texts made by the grammar and changed ones, compiled by lua5.4 and by Moonring',
  start: () => new CompilerRun(),
}
