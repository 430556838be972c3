/** Runs the Lua examples of the documents and compares what they print with the comments `--> …` in them. */
import { LIBRARIES, State } from '../../src/index.ts'
import type { CodeBlock } from './markdown.ts'

const FUEL = 10_000_000

/** What is wrong with an example that says what it prints; undefined if nothing is. */
export function runLuaExample(block: CodeBlock): string | undefined {
  const expected = [...block.text.matchAll(/--> ?(.*)$/gm)].map(([, text]) => String(text).trimEnd())
  let printed = ''
  const output = (bytes: Uint8Array): void => {
    printed += Buffer.from(bytes).toString()
  }
  const state = new State({ fuel: FUEL, output, libraries: LIBRARIES })
  try {
    state.loadSync(block.text, { name: 'example' })
  } catch (error) {
    return `the example fails: ${String(error)}`
  } finally {
    state.close()
  }
  // tab stops between printed values are shown as spaces
  const lines = printed.replaceAll('\t', ' ').split('\n').slice(0, -1)
  const wrong = expected.findIndex((text, i) => text !== lines[i])
  if (wrong >= 0) return `the example prints '${lines[wrong]}' and not '${expected[wrong]}'`
  if (expected.length > 0 && lines.length > expected.length)
    return `the example prints more than its comments say`
  return undefined
}
