/** The interactive session, by lines through a pipe and, where python3 can make one, on a terminal. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { program, ScratchFolder } from './command.fixture.ts'
import { HARD_TO_SHOW } from './hard-to-show.fixture.ts'
import { describeUnless } from './needs.fixture.ts'

const work = new ScratchFolder()
afterAll(() => work.remove())

describe('lines through a pipe', () => {
  test('expressions print their values, statements do not', () => {
    const { exit, out, err } = work.run(
      [],
      '1 + 1\n= 2 ^ 10\nx = 5\nx\n"a", nil, true\n-- nothing\n\nprint("p")\nreturn 7\n',
    )
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toBe('2\n1024\n5\na\tnil\ttrue\np\n7\n')
  })

  test('statements go on until they are complete', () => {
    const { out } = work.run([], 'for i = 1, 2 do\nprint(i)\nend\nx = [[a\nb]]\n#x\n1 +\n')
    expect(out).toBe('1\n2\n3\n')
  })

  test('values are shown by print, with __tostring', () => {
    expect(work.run([], 'setmetatable({}, { __tostring = function() return "T" end })\n').out).toBe('T\n')
    expect(work.run([], 'print = nil\n1, 2\n').out).toBe('1\t2\n')
  })

  test.each(Object.entries(HARD_TO_SHOW))('the session goes on after %s', (_, line) => {
    const { out, err } = work.run([], `x = 1\n${line}\nx = x + 1\nx\n`)
    expect(out.split('\n').slice(-2)).toEqual(['2', ''])
    expect(err).not.toMatch(/M\d\d\d|\n {4}at /)
  })

  test('the state lives on after errors, and the exit code tells', () => {
    const { exit, out, err } = work.run(
      [],
      'x = 1\nerror("boo")\nlocal = 2\nlocal t = {} while true do t[#t + 1] = {} end\nx\n',
    )
    expect({ exit, out }).toEqual({ exit: 1, out: '1\n' })
    expect(err).toMatch(
      /stdin:1: boo\nstack traceback:\n[\s\S]*stdin:1:7: error\[L020\][\s\S]*not enough memory/,
    )
  })
})

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0

/** Types keys on a terminal, each after the text that it waits for has appeared; prints all that appeared. */
const TYPIST = `
import json, os, pty, select, sys, time
keys = json.loads(sys.argv[2])
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:2])
seen = b''
mark = 0
def read(timeout):
    global seen
    if not select.select([fd], [], [], timeout)[0]: return False
    try: data = os.read(fd, 65536)
    except OSError: return None
    seen += data
    return True if data else None
for wait, key in keys:
    end = time.time() + 20
    while wait.encode() not in seen[mark:] and time.time() < end: read(0.1)
    mark = len(seen)
    time.sleep(0.2)
    os.write(fd, key.encode())
end = time.time() + 20
while time.time() < end and read(0.1) is not None: pass
status = os.waitpid(pid, os.WNOHANG)[1] if time.time() < end else os.kill(pid, 9)
print(seen.decode(errors='replace')[-4000:])
print('ended', status)
`

describeUnless(!hasPython && 'python3 is not installed')('a terminal', () => {
  const type = (keys: [wait: string, key: string][]) =>
    spawnSync('python3', ['-c', TYPIST, program, JSON.stringify(keys)], {
      cwd: work.path,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', XDG_STATE_HOME: work.path },
    }).stdout

  test('prompts, continues, completes, remembers, and leaves at Ctrl-D', () => {
    const seen = type([
      ['> ', 'for i = 41, 41 do\r'],
      ['>> ', 'print(i + 1) end\r'],
      ['42', 'string.rev\t'],
      ['erse', '("cba")\r'],
      ['abc', '\x04'],
    ])
    expect(seen).toContain('ended 0')
    expect(seen).toContain('string.reverse')
    const history = readFileSync(join(work.path, 'moonring/history'), 'utf8')
    expect(history).toBe('for i = 41, 41 do\nprint(i + 1) end\nstring.reverse("cba")\n')
    expect(existsSync(join(work.path, 'moonring/history'))).toBe(true)
  })

  test('Ctrl-C ends the running script and keeps the state', () => {
    const seen = type([
      ['> ', 'x = 6 * 7 while true do end\r'],
      ['end', '\x03'],
      ['interrupted!', 'x\r'],
      ['42', '\x04'],
    ])
    expect(seen).toMatch(/interrupted![\s\S]*42[\s\S]*ended 0/)
  })
})
