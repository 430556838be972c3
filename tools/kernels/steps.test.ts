import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { abilitiesIn, isScript, kernelTests, readSteps, scriptOf, startedIn, stepsFor } from './steps.ts'

const run = (steps: Parameters<typeof scriptOf>[0]) =>
  spawnSync('sh', ['-s'], { input: scriptOf(steps), encoding: 'utf8' })

testUnless(process.platform !== 'linux' && 'needs Linux')(
  'steps run in order, each with its output and exit code',
  () => {
    const { stdout, status } = run([
      { name: 'first', command: ['echo', "it's $HOME"] },
      { name: 'second', command: ['sh', '-c', 'printf "no line end"; exit 3'] },
      { name: 'third', command: ['true'] },
    ])
    expect(status).toBe(1)
    expect(startedIn(stdout)).toEqual(['first', 'second', 'third'])
    expect(readSteps(stdout)).toMatchObject([
      { name: 'first', output: "it's $HOME\n", code: 0 },
      { name: 'second', output: 'no line end', code: 3 },
      { name: 'third', output: '', code: 0 },
    ])
  },
)

testUnless(process.platform !== 'linux' && 'needs Linux')('the script succeeds if all steps do', () => {
  expect(run([{ name: 'a', command: ['true'] }]).status).toBe(0)
})

test('times are differences of the clock', () => {
  expect(readSteps('##moonring-step a start 3.50\nx\n##moonring-step a end 5.00 0\n')).toEqual([
    { name: 'a', output: 'x\n', code: 0, seconds: 1.5 },
  ])
})

test('a step that was cut off has no exit code', () => {
  const output =
    '##moonring-step a start 1.00\n##moonring-step a end 2.00 0\n##moonring-step b start 2.00\nhalf'
  expect(readSteps(output)[1]).toEqual({ name: 'b', output: 'half', code: undefined, seconds: undefined })
  expect(readSteps('nothing')).toEqual([])
})

test('what the command knows is read from its help', () => {
  const help =
    'Commands:\n  run [options] FILE\n  doctor [options]  says what is missing\nOptions:\n  --kernel  in the kernel\n'
  expect(abilitiesIn(help)).toEqual({ doctor: true, runKernel: true })
  expect(abilitiesIn('Commands:\n  run  see doctor, not --kernel\n')).toEqual({
    doctor: false,
    runKernel: false,
  })
})

test('only what is there is run', () => {
  const names = (...args: Parameters<typeof stepsFor>) => stepsFor(...args).map(({ name }) => name)
  const scripts = new Map([['test/lua/a.lua', 'hello\n']])
  expect(names({ doctor: false, runKernel: false }, scripts, [])).toEqual(['release', 'node'])
  const all = stepsFor({ doctor: true, runKernel: true }, scripts, ['src/kernel'])
  expect(all.map(({ name }) => name)).toEqual(['release', 'node', 'doctor', 'script:a', 'tests'])
  expect(all.filter(isScript)).toMatchObject([{ expected: 'hello\n' }])
  expect(all.at(-1)?.command.at(-1)).toBe('src/kernel')
})

test('the tests that need a kernel', () => {
  const needed = ['src/ebpf/kernel-conformance.test.ts', 'src/kernel/map.test.ts', 'test/kernel.test.ts']
  const others = [
    'src/ebpf/decode.test.ts',
    'src/kernel/map.ts',
    'test/cli.test.ts',
    'tools/kernels/row.test.ts',
  ]
  expect(kernelTests([...others, ...needed])).toEqual(needed)
})
