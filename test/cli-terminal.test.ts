/**
 * What the command writes and reads at its borders: nothing that a terminal would obey reaches people, programs get exact bytes,
 * and what the system refuses is told in words.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { program, ScratchFolder } from './command.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

/** Titles a terminal, and begins a line that looks like another one's. */
const SPITE = '\x1b]0;owned\x07\nmoonring: error[M001]: forged\u202e'
const LUA_SPITE = '"\\27]0;owned\\7\\nmoonring: error[M001]: forged\\u{202e}"'

const ENVIRONMENT = { ...process.env, FORCE_COLOR: '', MOONRING_DEBUG: '', XDG_STATE_HOME: work.path }

/** Runs shell commands here; `$M` is the command. Bytes as latin1. */
function shell(script: string, input = '') {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd: work.path,
    input,
    encoding: 'latin1',
    env: { ...ENVIRONMENT, M: program },
  })
  expect(stderr).not.toMatch(/\n {4}at |node:internal|M090/)
  return { exit: status, out: stdout, err: stderr }
}

/** What a terminal gets of a command: script(1) lends one. */
function onTerminal(command: string): string {
  const { out } = shell(`script -qec '${command}' /dev/null < /dev/null`)
  return out.replaceAll('\r\n', '\n')
}

/** No control characters but newlines and tabs, and nothing forged at the start of a line. */
function expectHarmless(text: string): void {
  expect(Buffer.from(text, 'latin1').toString()).not.toMatch(/[^\P{Cc}\n\t]|\u202e/u)
  expect(text).not.toMatch(/^moonring: error\[M001\]: forged/m)
}

describe('what a terminal would obey', () => {
  test('is spelled out of what a script prints to one, but not for programs, nor with --raw', () => {
    work.file('print.lua', "print('\\27[31mred\\27[0m', '\\255', 'ü')")
    expect(onTerminal('$M run print.lua')).toBe('\\x1b[31mred\\x1b[0m\t\\xff\tÃ¼\n')
    expect(onTerminal('$M run --raw print.lua')).toBe('\x1b[31mred\x1b[0m\t\xff\tÃ¼\n')
    expect(shell('$M run print.lua').out).toBe('\x1b[31mred\x1b[0m\t\xff\tÃ¼\n')
  })

  const raising = work.file('raise.lua', `error(${LUA_SPITE}, 0)`)
  const syntax = work.file('syntax.lua', `x = '\x1b]0;owned\x07' '\x07' y =\x1b 1 ${'z'.repeat(100_000)} 7`)
  const filter = work.file('filter.lua', `function filter() error(${LUA_SPITE}, 0) end`)
  const pcap = join(import.meta.dirname, '../examples/captures/ssh.pcap')
  test.each([
    ['an error value', ['run', raising]],
    ['a file name that is not there', ['run', `none${SPITE}.lua`]],
    ['a script that cannot be compiled', ['check', syntax]],
    ['an error of a filter', ['filter', filter, '--pcap', pcap]],
    ['the name of a capture', ['filter', filter, '--pcap', `none${SPITE}`]],
    ['an option', [`--none${SPITE}`]],
    ['the value of an option', ['run', '--memory', SPITE, raising]],
    ['a library', ['run', '--allow', SPITE, raising]],
    ['the name of a state', ['create', SPITE]],
    ['a hook', ['filter', filter, '--pcap', pcap, '--hook', SPITE]],
    ['a trace', ['simulate', 'cpufreq', filter, '--trace', `none${SPITE}`]],
    ['a module', ['require', 'none', SPITE]],
  ])('is spelled out of %s', (_, args) => {
    const { exit, out, err } = work.run(args)
    expect(exit).not.toBe(0)
    expectHarmless(Buffer.from(out + err).toString('latin1'))
    expect((out + err).length).toBeLessThan(20_000)
  })

  test('is escaped in JSON, and comes back from it', () => {
    const name = `none${SPITE}\x7f.lua`
    const { out } = work.run(['check', '--json', name])
    expectHarmless(Buffer.from(out).toString('latin1'))
    expect(JSON.parse(out).unreadable[0].file).toBe(name)
  })

  test('keys of tables are no candidates of the tab key', () => {
    // as a script could have set them
    const text = shell('$M', `_G['\\27[2J'] = 1 print(next({}))\n`)
    expect(text.out).toBe('nil\n')
  })
})

describe('output that nobody can take', () => {
  const hello = work.file('hello.lua', "print('hello')")
  test('a full device is told, in the words of the system', () => {
    for (const command of [`run ${hello}`, '--help', 'doctor --json', `check --list ${hello}`]) {
      const { exit, err } = shell(`$M ${command} > /dev/full`)
      expect(err).toMatch(
        /^moonring: error\[M006\]: Cannot write to standard output: no space is left \(ENOSPC\)\n/,
      )
      expect(exit).toBe(1)
    }
    expect(shell(`$M run ${hello} 2> /dev/full`)).toMatchObject({ exit: 0, out: 'hello\n' })
  })

  test('a script that catches the error fails nevertheless', () => {
    work.file('catch.lua', "for i = 1, 100000 do pcall(print, 'x') end")
    expect(shell('$M run catch.lua > /dev/full')).toMatchObject({ exit: 1 })
  })

  test('a reader that has gone ends the command as it ends others', () => {
    work.file('endless.lua', "while true do print('x') end")
    expect(shell(`$M run endless.lua | head -n 1; echo \${PIPESTATUS[0]}`).out).toBe('x\n141\n')
    expect(shell(`echo 'while true do print(1) end' | $M | head -n 1; echo \${PIPESTATUS[1]}`).out).toBe(
      '1\n141\n',
    )
  })

  test('too few open files are told', () => {
    for (const most of [20, 21, 22, 23, 24, 25, 26, 28, 30, 32]) {
      const { exit, err } = shell(`ulimit -n ${most}; $M run ${hello}`)
      if (exit !== 0) expect(err).toMatch(/^moonring: error\[M008\]: .*EMFILE.*\n {2}= hint: .*ulimit -n/)
    }
  })
})

describe('input without end', () => {
  const filter = work.file('accept.lua', 'function filter() end')
  test.each([
    [`$M filter ${filter} --pcap /dev/zero`],
    [`$M filter ${filter} --pcap - < /dev/urandom`],
    [`cat /dev/zero | $M filter ${filter} --pcap -`],
    ['$M run /dev/zero'],
    ['$M run - < /dev/zero'],
    ['$M check /dev/urandom'],
    ['cat /dev/zero | $M run -'],
    [`$M simulate cpufreq ${filter} --trace /dev/zero`],
    [`tr '\\0' x < /dev/zero | $M`],
  ])('%s is refused', (command) => {
    const { exit, err } = shell(command)
    expect(err).toMatch(/^moonring: error\[[MKF]0\d\d\]: Cannot .*\n {2}= hint: /)
    expect(exit).toBe(1)
  })
})

describe('bytes that are no UTF-8', () => {
  test('names of files, arguments, code', () => {
    writeFileSync(Buffer.from(`${work.path}/n\xff.lua`, 'latin1'), 'print(arg[0], ...)')
    expect(shell(`$M run $'n\\xff.lua' $'\\xfe\\x80y' é $'\\xef\\xbf\\xbd'`).out).toBe(
      'n\xff.lua\t\xfe\x80y\tÃ©\tï¿½\n',
    )
    expect(shell(`$M check $'n\\xff.lua'`)).toMatchObject({ exit: 0 })
    expect(shell(`$M run $'none\\xff'`).err).toContain('Cannot read none\\xff: no such file')
  })

  test('an interactive session that is piped gets and gives exact bytes', () => {
    const { exit, out, err } = shell(
      '$M',
      'print("a\xff\xfe")\n"\xc3"\n= #"\xff\xfe"\nx = [[\xf0\n\x9f]] print(x)',
    )
    expect([exit, out, err]).toEqual([0, 'a\xff\xfe\n\xc3\n2\n\xf0\n\x9f\n', ''])
  })
})

describe('values that hints name', () => {
  test('are taken by the option', () => {
    for (const size of [65_536, 100_001, 266_544, 1_048_577, 5_000_000]) {
      work.file(
        'grow.lua',
        'local t = {} for i = 1, 1e9 // 1 do t[i] = {} end'.replace('1e9 // 1', '1000000000'),
      )
      const { err } = shell(`$M run --memory ${size} grow.lua`)
      const [, hint = ''] = /--memory (\S+)/.exec(err) ?? []
      expect(shell(`$M run --memory ${hint} -`, 'print(1)')).toMatchObject({ exit: 0, out: '1\n' })
    }
    const { err } = shell('$M run --fuel 999999999999999 -', 'while true do break end')
    expect(err).toBe('')
  })
})
