/**
 * Figures in documents. A comment says which figure the number behind it is, so that each stands in one source:
 *
 *     <!-- figure verifier processed -->81,136
 *     <!-- figure verifier processed after "processed" -->   the first number after this word, also in a block of code
 *
 * The sources are test/kernel-budget.json, which a test writes, and the tables of docs/benchmarks.md, which `npm run
 * bench` prints: a figure has the name of its row.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Texts of figures by name: a number, and its unit where it has one. */
export type Figures = ReadonlyMap<string, string>

// not those that are quoted as code
const MARK = /(?<!`)<!-- figure (.+?)(?: after "(.+?)")? -->/g
const NUMBER = /\d[\d,]*(?:\.\d+)?(?: (?:ns|µs|ms|KiB)\b)?/

/** A budget as test/kernel-budget.test.ts writes it. */
interface Budget {
  readonly processed: number
  readonly instructions: number
}

/** @param benchmarks the text of docs/benchmarks.md; of rows of the same name the first one holds */
export function figuresFrom(budget: Budget, benchmarks: string): Figures {
  const { processed, instructions } = budget
  const figures = new Map([
    ['verifier processed', processed.toLocaleString('en')],
    ['verifier share', (processed / 10_000).toFixed(1)],
    ['program instructions', instructions.toLocaleString('en')],
  ])
  const results = benchmarks.slice(benchmarks.indexOf('<!-- results'))
  for (const [, name = '', value = ''] of results.matchAll(/^\| ([^|]+?) +\| ([\d.,]+(?: [^ |]+)?) \|$/gm))
    if (!figures.has(name)) figures.set(name, value)
  const [, user, kernel] = /^\| geometric mean \|[ |]*\| ([\d.]+)× \| ([\d.]+)× \|$/m.exec(results) ?? []
  if (user !== undefined && kernel !== undefined)
    figures.set('mean in user space', user).set('mean in the kernel', kernel)
  return figures
}

/**
 * The document with its figures as they are.
 * @throws Error for a figure that doesn't exist, or that no number follows
 */
export function withFigures(text: string, figures: Figures): string {
  let result = ''
  let rest = text
  for (const [mark, name = '', after] of text.matchAll(MARK)) {
    const figure = figures.get(name)
    if (figure === undefined) throw new Error(`there is no figure '${name}'`)
    const begin = rest.indexOf(mark) + mark.length
    const word = after === undefined ? begin : rest.indexOf(after, begin)
    const found = word < 0 ? null : NUMBER.exec(rest.slice(word))
    if (found === null || (after === undefined && found.index > 0))
      throw new Error(`there is no number where the figure '${name}' should stand`)
    const at = word + found.index
    // the marks of a block stand before it, one after the other
    result += rest.slice(0, begin)
    rest = rest.slice(begin, at) + figure + rest.slice(at + found[0].length)
  }
  return result + rest
}

/** Paths of all documents. */
export function documents(): string[] {
  const below = readdirSync('docs', { recursive: true }).map((name) => join('docs', String(name)))
  return [...readdirSync('.'), ...below].filter((name) => name.endsWith('.md'))
}

/** Documents with figures, each with what makes it. */
export function documentsWithFigures(): Record<string, () => string> {
  const read = (path: string) => readFileSync(path, 'utf8')
  const figures = figuresFrom(JSON.parse(read('test/kernel-budget.json')), read('docs/benchmarks.md'))
  const marked = documents().filter((path) => read(path).includes('<!-- figure '))
  return Object.fromEntries(
    marked.map((path) => [
      path,
      () => {
        try {
          return withFigures(read(path), figures)
        } catch (error) {
          throw new Error(`${path}: ${(error as Error).message}`)
        }
      },
    ]),
  )
}
