/** The command as people run it: usage, `run` and `check`. */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { program, root, ScratchFolder } from './command.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

describe('usage', () => {
  test('help and version', () => {
    expect(work.run(['--version']).out).toMatch(/^moonring \d+\.\d+\.\d+ /)
    expect(work.run(['--help'])).toMatchObject({ exit: 0, err: '' })
    for (const command of ['run', 'check', 'filter']) {
      const { exit, out } = work.run([command, '--help'])
      expect(exit).toBe(0)
      expect(out).toMatch(/Usage: moonring .*\n[\s\S]*Examples:\n[\s\S]*Exit codes:/)
    }
    expect(work.run(['help', 'run']).out).toBe(work.run(['run', '--help']).out)
  })

  const wrong: [args: string[], says: RegExp][] = [
    [['chekc'], /there is no command 'chekc'\n.*did you mean check\?/],
    [['hello.lua'], /there is no command 'hello\.lua'\n.*moonring run hello\.lua/],
    [
      ['run'],
      /moonring run needs FILE\n.*usage: moonring run \[OPTION…\] FILE \[ARG…\]; moonring run --help/,
    ],
    [['run', '--memry', '1M', 'x.lua'], /moonring run has no option --memry\n.*did you mean --memory\?/],
    [['run', '--memory', '1K', 'x.lua'], /Cannot use --memory '1K'/],
    [['run', '--memory', '2G', 'x.lua'], /64K to 1G/],
    [['run', '--fuel', '0', 'x.lua'], /Cannot use --fuel '0'/],
    [['run', '--allow', 'string,io', 'x.lua'], /there is no library 'io'/],
    [['check'], /moonring check needs FILE/],
    [['filter', 'x.lua'], /moonring filter needs --pcap CAPTURE\n/],
    [
      ['filter', 'x.lua', '--pcap', 'y', '--default', 'reject'],
      /--default takes accept or drop, not 'reject'/,
    ],
    [['create', 'a', 'b'], /moonring create takes NAME, and there are 2 arguments\n/],
    [['attach', 'a', 'b', 'c'], /moonring attach takes NAME and HOOK, and there are 3 arguments\n/],
    [['list', 'x'], /moonring list takes no arguments, and there is 1\n/],
    [['run', '--memory'], /--memory needs a value: --memory SIZE\n/],
    [['create', 'a', '--kernel=3'], /--kernel takes no value\n.*write --kernel alone/],
    [['record', 'foo'], /WHAT of moonring record takes load, not 'foo'/],
    [['help', 'nope'], /there is no such command to give help on/],
    [['filter', 'x.lua', '--pcap', 'y', '--port', '99999'], /Cannot match port '99999'/],
    [['filter', 'x.lua', '--pcap', 'y', '--match', 'tcp'], /Cannot match 'tcp'/],
    [['filter', 'x.lua', '--pcap', 'y', '--loop', 'x'], /Cannot use --loop 'x'/],
  ]
  test.each(wrong)('%j', (args, says) => {
    const { exit, out, err } = work.run(args)
    expect(err).toMatch(says)
    expect(err).toMatch(/^moonring: error\[[KM]\d+\]: Cannot /)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
  })
})

describe('run', () => {
  test('arguments, options among them, are in ... and in arg', () => {
    const ended = work.script('print(#arg, arg[0], arg[1], arg[2], arg[3])\nprint(...)', 'a', '--help', '--')
    expect(ended).toEqual({ exit: 0, out: '3\tscript.lua\ta\t--help\t--\na\t--help\t--\n', err: '' })
  })

  test('- is standard input', () => {
    const ended = work.run(['run', '-', 'x'], 'print(..., arg[0])\nerror("e")')
    expect(ended).toMatchObject({ exit: 1, out: 'x\t-\n' })
    expect(ended.err).toMatch(/^stdin:2: e\nstack traceback:\n/)
  })

  test('errors have file, line and traceback', () => {
    const { exit, out, err } = work.script('print("before")\nlocal function f()\n  error("boo")\nend\nf()')
    expect({ exit, out }).toEqual({ exit: 1, out: 'before\n' })
    expect(err).toMatch(
      /^script\.lua:3: boo\nstack traceback:\n[\s\S]*script\.lua:3: in .*'f'[\s\S]*script\.lua:5: in main chunk/,
    )
  })

  test('diagnostics have the source line and a caret', () => {
    const { exit, err } = work.script('local x = 1\nlocal y = = 2\n')
    expect(exit).toBe(1)
    expect(err).toBe(
      "script.lua:2:11: error[L022]: unexpected symbol near '='\n 2 | local y = = 2\n   |           ^\n" +
        '   = hint: comparison is ==; assignment is a statement\n',
    )
  })

  test('limits are named, with the option that raises them', () => {
    const fuel = work.run(['run', '--fuel', '10_000', work.file('loop.lua', 'while true do end')])
    expect(fuel.exit).toBe(1)
    expect(fuel.err).toMatch(/out of fuel\n[\s\S]*10000 instructions.*--fuel 100000/)
    const memory = work.run([
      'run',
      '--memory',
      '64K',
      work.file('grow.lua', 'local t = {} while true do t[#t + 1] = {} end'),
    ])
    expect(memory.exit).toBe(1)
    expect(memory.err).toMatch(/not enough memory\n[\s\S]*64 KiB.*--memory 256K/)
  })

  test('libraries are those allowed', () => {
    const script = work.file('types.lua', 'print(type(string), type(table), type(print))')
    expect(work.run(['run', '--allow', 'table', script]).out).toBe('nil\ttable\tfunction\n')
    expect(work.run(['run', '--allow', 'none', script]).out).toBe('nil\tnil\tfunction\n')
  })

  test('a byte order mark and a first line with # are skipped', () => {
    expect(work.script('\ufeffprint(1)').out).toBe('1\n')
    expect(work.script('#!/usr/bin/env moonring\nprint(2)').out).toBe('2\n')
  })

  test('a reader that leaves ends the command quietly', () => {
    work.file('endless.lua', 'while true do print("line") end')
    const { stdout, stderr } = spawnSync('sh', ['-c', `"${program}" run endless.lua | head -n 2`], {
      cwd: work.path,
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect({ stdout, stderr }).toEqual({ stdout: 'line\nline\n', stderr: '' })
  })

  test('Ctrl-C ends it with a traceback, even in a loop of protected calls', async () => {
    work.file('protected.lua', 'print("started") while true do pcall(error) end')
    const child = spawn(program, ['run', 'protected.lua'], { cwd: work.path })
    let err = ''
    child.stderr.on('data', (data) => {
      err += String(data)
    })
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([1, null])
    expect(err).toMatch(/interrupted!\nstack traceback:/)
  })

  test('much output arrives whole', () => {
    const { exit, out } = work.script('for i = 1, 200000 do print(i) end')
    expect(exit).toBe(0)
    expect(out.length).toBe(1288895)
    expect(out.endsWith('\n200000\n')).toBe(true)
  })
})

describe('scripts that are bad input', () => {
  const cases: [what: string, text: string | Uint8Array, says: RegExp][] = [
    [
      '300 nested parentheses',
      `return ${'('.repeat(300)}1${')'.repeat(300)}`,
      /script\.lua:1:\d+: error\[L061\]/,
    ],
    [
      '300 local variables',
      'local x = 1\n'.repeat(300),
      /script\.lua:201:\d+: error\[L060\]: too many local variables \(limit is 200\)/,
    ],
    [
      'a syntax error at the end',
      `${'x = 1\n'.repeat(500)}if`,
      /script\.lua:501:3: error\[L022\]: unexpected symbol near <eof>/,
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from('x = 1\nx\xff = 2', 'latin1'),
      /script\.lua:2:2: error\[[\s\S]*note: script\.lua is not UTF-8, first at line 2/,
    ],
    ['UTF-16', Buffer.from('\ufeffprint(1)', 'utf16le'), /note: script\.lua is in UTF-16: save it as UTF-8/],
    ['compiled code', '\x1bLua', /error\[M003\]: Cannot load script\.lua: it holds compiled code/],
    ['a float', 'return 0.5', /error\[L012\]: float literals are not supported/],
    [
      'one line of 1 MB with an error',
      `x = "${'x'.repeat(1e6)}" y y`,
      /script\.lua:1:1000010: error\[L023\].*\n 1 \| ….{0,110}\n/,
    ],
  ]
  test.each(cases)('%s', (_, text, says) => {
    const { exit, out, err } = work.script(text)
    expect(err).toMatch(says)
    expect(err.length).toBeLessThan(1000)
    expect({ exit, out }).toEqual({ exit: 1, out: '' })
  })

  test('a missing file, a directory', () => {
    expect(work.run(['run', 'none.lua'])).toEqual({
      exit: 1,
      out: '',
      err: 'moonring: error[M001]: Cannot read none.lua: no such file or directory\n  = hint: check the path and its permissions\n',
    })
    expect(work.run(['run', '.']).err).toMatch(/error\[M002\]: Cannot read \.: it is a directory/)
  })

  test('an empty script, and other bytes in strings and comments, are fine', () => {
    expect(work.script('')).toEqual({ exit: 0, out: '', err: '' })
    expect(work.script(Buffer.from('-- \xe9\nprint(#"\xff\xfe")', 'latin1'))).toEqual({
      exit: 0,
      out: '2\n',
      err: '',
    })
  })

  test('one line of 1 MB runs', () => {
    expect(
      work.run(['run', '--memory', '8M', work.file('long.lua', `print(#"${'x'.repeat(1e6)}")`)]).out,
    ).toBe('1000000\n')
  })

  test('10 MB are refused at once, with the option that would admit them', () => {
    const start = performance.now()
    const file = work.file('script.lua', 'x = 1\n'.repeat(10e6 / 6))
    const { exit, err } = work.run(['run', '--memory', '1M', file])
    expect(exit).toBe(1)
    expect(err).toMatch(
      /error\[M004\]: Cannot load script\.lua: not enough memory: its text has 9\.5 MiB, the state 1 MiB\n.*--memory 32M/,
    )
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('check', () => {
  test('says everything about every file', () => {
    const first = work.file('first.lua', 'x = = 1\nlocal y <const> = 1\ny = 2\n')
    const fine = work.file('fine.lua', 'return 1')
    const { exit, out, err } = work.run(['check', first, 'none.lua', fine, work.file('third.lua', 'break')])
    expect({ exit, out }).toEqual({ exit: 1, out: '' })
    for (const at of ['first.lua:1:5: error', 'first.lua:3:1: error', 'Cannot read none.lua', 'third.lua:1:'])
      expect(err).toContain(at)
    expect(err).toMatch(/3 errors in 2 files\n$/)
    expect(work.run(['check', fine])).toEqual({ exit: 0, out: '', err: '' })
  })

  test('--json is one document', () => {
    const { exit, out } = work.run(['check', '--json', work.file('json.lua', 'return {'), 'none.lua'])
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toEqual({
      files: 2,
      diagnostics: [
        {
          code: 'L022',
          message: 'unexpected symbol',
          file: 'json.lua',
          line: 1,
          column: 9,
          length: 1,
          near: '<eof>',
        },
      ],
      warnings: [],
      unreadable: [
        { file: 'none.lua', code: 'M001', message: 'Cannot read none.lua: no such file or directory' },
      ],
    })
  })

  test('warns of what Lua has and Moonring has not, and fails for that with --strict only', () => {
    const script = work.file('absent.lua', 'print(os.time())')
    const { exit, out, err } = work.run(['check', script])
    expect({ exit, out }).toEqual({ exit: 0, out: '' })
    expect(err).toMatch(
      /^absent\.lua:1:7: warning\[L080\]: 'os\.time' does not exist in Moonring\n[\s\S]*= hint: /,
    )
    expect(work.run(['check', '--strict', script]).exit).toBe(1)
    const json = work.run(['check', '--json', script])
    expect(json.exit).toBe(0)
    expect(JSON.parse(json.out)).toMatchObject({
      diagnostics: [],
      warnings: [{ code: 'L080', line: 1, column: 7 }],
    })
  })

  test('goes on after a string without an end', () => {
    const script = work.file('cut.lua', 'print("abc)\nlocal x = = 1\nlocal t = {a "b\n}\ny = = 2\n')
    const { err } = work.run(['check', script])
    const found = err.split('\n').filter((line) => line.includes('error['))
    expect(found.map((line) => line.replace(/\]: .*/, ''))).toEqual([
      'cut.lua:1:7: error[L001',
      'cut.lua:2:11: error[L022',
      'cut.lua:3:14: error[L001',
      'cut.lua:5:5: error[L022',
    ])
  })

  test('globals that others provide are known', () => {
    const script = work.file('provided.lua', 'log(config.x)\npirnt(1)')
    const { err } = work.run(['check', '--globals', 'log, config', script])
    expect(err).toMatch(
      /^provided\.lua:2:1: warning\[L081\]: global 'pirnt' is not defined\n[\s\S]*did you mean print\?/,
    )
    expect(work.run(['check', '--strict', '--globals', 'log,config,pirnt', script]).exit).toBe(0)
    expect(work.run(['check', '--globals', 'a-b', script])).toMatchObject({ exit: 2 })
  })

  test('what comes with Moonring is clean', () => {
    const scripts = ['examples', 'lua'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.lua'))
        .map((name) => join(root, folder, name)),
    )
    expect(scripts.length).toBeGreaterThan(20)
    expect(work.run(['check', '--strict', ...scripts])).toEqual({ exit: 0, out: '', err: '' })
  })

  test('--format sarif is a log in the format SARIF 2.1.0', () => {
    const wrong = work.file('a b.lua', 'return "é", = 1')
    const { exit, out } = work.run([
      'check',
      '--format',
      'sarif',
      wrong,
      work.file('s.lua', 'pirnt()'),
      'none.lua',
    ])
    expect(exit).toBe(1)
    const log = JSON.parse(out)
    expect(Object.keys(log)).toEqual(['$schema', 'version', 'runs'])
    expect(log.version).toBe('2.1.0')
    const [run, ...others] = log.runs
    expect(others).toEqual([])
    expect(run.tool.driver).toMatchObject({ name: 'moonring', version: expect.stringMatching(/^\d/) })
    const { rules } = run.tool.driver
    expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length)
    expect(run.results).toEqual([
      {
        ruleId: 'L022',
        ruleIndex: expect.any(Number),
        level: 'error',
        message: { text: expect.stringContaining("unexpected symbol near '='") },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a%20b.lua' },
              region: { startLine: 1, startColumn: 13, endColumn: 14 }, // in UTF-16
            },
          },
        ],
      },
      expect.objectContaining({ ruleId: 'L081', level: 'warning' }),
    ])
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex].id).toBe(ruleId)
    expect(run.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'M001' } }],
      },
    ])
  })

  test('one format, and no bytecode in documents', () => {
    const script = work.file('f.lua', 'return 1')
    expect(work.run(['check', '--json', '--format', 'sarif', script])).toMatchObject({ exit: 2, out: '' })
    expect(work.run(['check', '--list', '--format', 'json', script])).toMatchObject({ exit: 2, out: '' })
    expect(work.run(['check', '--format', 'xml', script])).toMatchObject({ exit: 2, out: '' })
    expect(work.run(['check', '--json', '--format', 'json', script]).exit).toBe(0)
  })

  test('--list prints the bytecode', () => {
    const { exit, out } = work.run(['check', '--list', work.file('list.lua', 'print("x")')])
    expect(exit).toBe(0)
    expect(out).toMatch(/^main list\.lua: .*registers[\s\S]*"print"[\s\S]*CALL/)
  })
})
