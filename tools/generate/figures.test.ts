import { expect, test } from 'vitest'
import { figuresFrom, withFigures } from './figures.ts'

const BENCHMARKS = `# Benchmarks
| figure | x |
| kernel: new state | 1 ms |
<!-- results: … -->
| geometric mean |  |  |  | 0.93× | 1.53× |
| figure | median |
| kernel: new state | 298 ms |
| SSH filter | 240,646 packets/s |
| verifier processed | 5 |
| kernel: new state | 7 ms |
`
const figures = figuresFrom({ processed: 81136, instructions: 47208 }, BENCHMARKS)

test('figures come from the budget, and from the tables of results', () => {
  expect(Object.fromEntries(figures)).toEqual({
    'verifier processed': '81,136',
    'verifier share': '8.1',
    'program instructions': '47,208',
    'kernel: new state': '298 ms',
    'SSH filter': '240,646 packets/s',
    'mean in user space': '0.93',
    'mean in the kernel': '1.53',
  })
})

test('the number behind a mark becomes the figure, with its unit', () => {
  const text = 'a <!-- figure verifier share -->9 % of <!-- figure kernel: new state -->3.5 µs, 12'
  expect(withFigures(text, figures)).toBe(
    'a <!-- figure verifier share -->8.1 % of <!-- figure kernel: new state -->298 ms, 12',
  )
  expect(withFigures('none, 12', figures)).toBe('none, 12')
})

test('marks before a block of code name the words before their numbers', () => {
  const block = (processed: string, share: string) =>
    `<!-- figure verifier processed after "processed" -->\n<!-- figure verifier share after "instructions," -->
\`\`\`
made in 3 ms
processed   ${processed} instructions, ${share} % of it
\`\`\``
  expect(withFigures(block('1', '2.5'), figures)).toBe(block('81,136', '8.1'))
})

test('a figure that is nowhere, and a mark without a number, are refused', () => {
  expect(() => withFigures('<!-- figure nothing -->1', figures)).toThrow("there is no figure 'nothing'")
  expect(() => withFigures('<!-- figure verifier share --> about 1', figures)).toThrow('there is no number')
})
