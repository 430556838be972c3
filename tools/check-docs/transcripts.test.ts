import { expect, test } from 'vitest'
import { readMarkdown } from './markdown.ts'
import { isTranscript, matches, needsRoot, runTranscripts, stepsOf } from './transcripts.ts'

const blocksOf = (text: string) => readMarkdown(text).blocks

test('commands go on in lines with >, and have the output that follows', () => {
  const [block] = blocksOf('```\n$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n$ true\n```\n')
  expect(block && stepsOf(block)).toEqual([
    { line: 2, command: 'for i in 1 2; do\n  echo $i\ndone', expected: '1\n2\n' },
    { line: 7, command: 'true', expected: '' },
  ])
})

test('what is run, and what needs root', () => {
  const text =
    '```\n$ sudo true\n```\n<!-- not run: it takes a day -->\n```\n$ true\n```\n\n    $ (sudo true)\n\n    no\n'
  expect(blocksOf(text).map((block) => [isTranscript(block), needsRoot(block)])).toEqual([
    [true, true],
    [false, false],
    [true, true],
    [false, false],
  ])
})

test.each([
  ['took 12.5 ms\n', 'took 3 ms\n', true],
  ['a   b\n', 'a  b\n', true],
  ['a b\n', 'a  c\n', false],
  ['1\nx\ny\n2\n', '1\n…\n2\n', true],
  ['left (a) right', 'left … right', true],
  ['a\nb\n', 'a\n', false],
  ['', 'a\n', false],
])('%j is %j: %j', (printed, expected, same) => {
  expect(matches(printed, expected)).toBe(same)
})

test('files are made, the shell goes on, and what differs is named with its line', () => {
  const blocks = blocksOf(`\`\`\`
$ cat a.txt
one
$ x=5; cat a.txt
one
$ echo $x
5
$ false
$ echo three
four
$ exit 3
$ echo never
\`\`\``)
  expect(runTranscripts(blocks)).toEqual([
    [8, '$ false: fails: '],
    [9, '$ echo three: prints\nthree\n  and not\nfour'],
    [11, '$ exit 3: does not end, or did not begin'],
  ])
})
