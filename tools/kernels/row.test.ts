import { expect, test } from 'vitest'
import { judge, type Outcome } from './row.ts'

const RELEASE = '6.12.117+deb13-amd64'
const step = (name: string, code: number | string, output = ''): string =>
  `##moonring-step ${name} start 1.00\n${output}${code === '' ? '' : `##moonring-step ${name} end 2.00 ${code}\n`}`

const STEPS = [{ name: 'script:a', command: [], expected: 'hello\n' }]

const outcome = (part: Partial<Outcome> = {}): Outcome => ({
  code: 0,
  end: 'exited',
  output: step('release', 0, `${RELEASE}\n`),
  dmesg: '[    0.000000] Linux version\n',
  complaints: '',
  seconds: 9,
  ...part,
})
const report = (...statuses: string[]): string =>
  JSON.stringify({
    testResults: [
      {
        status: 'passed',
        assertionResults: statuses.map((status, i) => ({ status, fullName: `test ${i}` })),
      },
    ],
  })

test('all well', () => {
  const stats = 'verifier processed  5,000 instructions\nprogram  9.0 kB of eBPF, 40.5 kB of machine code\n'
  const output = `${outcome().output}${step('script:a', 0, `hello\n${stats}`)}`
  expect(judge(RELEASE, STEPS, outcome({ output }), report('passed', 'skipped'))).toEqual({
    kernel: RELEASE,
    result: 'passed',
    reasons: [],
    tests: { passed: 1, failed: 0, skipped: 1 },
    verifier: { processed: 5000, machineCode: 40.5 },
    seconds: 9,
  })
})

test.each<[string, Partial<Outcome>, string]>([
  ['another kernel', { output: step('release', 0, '6.18.1\n') }, 'another kernel was booted: 6.18.1'],
  [
    'a step that fails',
    { output: step('doctor', 3, 'Cannot load\n'), code: 1 },
    'doctor failed with exit code 3: Cannot load',
  ],
  [
    'a script with other output',
    { output: step('script:a', 0, 'hullo\n') },
    'script:a printed something else than in user space',
  ],
  ['a warning of the kernel', { dmesg: '[    1.000000] WARNING: CPU: 0\n' }, 'kernel: WARNING: CPU: 0'],
  [
    'no end in time',
    { code: undefined, end: 'timed out', output: step('tests', '') },
    "the guest didn't end in time in tests",
  ],
  [
    'no start',
    { code: undefined, end: 'died', output: '', dmesg: 'x\nmoonring-guest: Cannot load 9p.ko\n' },
    'the guest died before the first step: moonring-guest: Cannot load 9p.ko',
  ],
  [
    'a complaint of QEMU',
    { code: undefined, end: 'died', output: '', complaints: 'qemu: no such file\n' },
    'the guest died before the first step: qemu: no such file',
  ],
])('%s fails', (_, part, reason) => {
  expect(judge(RELEASE, STEPS, outcome(part), '')).toMatchObject({ result: 'failed', reasons: [reason] })
})

test('tests that fail are named', () => {
  const output = `${outcome().output}${step('tests', 1, 'much\n')}`
  expect(judge(RELEASE, STEPS, outcome({ output, code: 1 }), report('passed', 'failed')).reasons).toEqual([
    'tests failed with exit code 1',
    'test: test 1',
  ])
})
