/** `moonring serve` as people use it: a server process, commands and programs that use its states. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { NamedState } from '../src/named/named-state.ts'
import { ServedStates } from '../src/serve/client.ts'
import { LuaError } from '../src/state/errors.ts'
import { program, ScratchFolder } from './command.fixture.ts'
import { HARD_TO_SHOW } from './hard-to-show.fixture.ts'
import { testUnless } from './needs.fixture.ts'

const TIMEOUT = 30_000
const folder = new ScratchFolder()
const socket = join(folder.path, 'control.sock')
const states = new ServedStates(socket)
/** A user whom no server belongs to. */
const STRANGER = 65534

const SUBSYSTEM = `export default {
  name: 'clock', summary: 'ticks',
  hooks: [{
    where: 'user', name: 'clock', summary: 'tick(n)', function: 'tick',
    verdicts: { named: { on: 1, stop: 0 }, onNil: 'on', onFalse: 'stop', onFailure: 'on' },
    attach(call, target) {
      let ticks = 0
      const timer = setInterval(async () => { if (await call(++ticks) === 0) clearInterval(timer) }, 2)
      return { detach() { clearInterval(timer) }, figures: () => ({ ticks }) }
    },
  }],
  libraries: [{ name: 'clock', functions: { name: { signature: '()', summary: '', user: () => 'tower' } } }],
}`

interface Served {
  readonly process: ChildProcess
  /** What it has said so far. */
  said(): string
}

/** Starts a server, which listens once this is done. */
async function start(...args: string[]): Promise<Served> {
  const child = spawn(program, ['serve', '--socket', socket, ...args], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8')
  for await (const text of child.stderr.iterator({ destroyOnReturn: false })) {
    said += text
    if (said.includes(args.includes('--metrics') ? 'figures at' : 'serving states')) break
  }
  child.stderr.on('data', (text) => {
    said += text
  })
  return { process: child, said: () => said }
}

/** Ends a server. Its exit code. */
async function stop({ process }: Served, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (process.exitCode !== null) return process.exitCode
  const ended = once(process, 'exit')
  process.kill(signal)
  return (await ended)[0]
}

const script = (text: string | Uint8Array) => ({ name: 'test.lua', text })

async function output(state: NamedState, text: string): Promise<string> {
  const pieces: Uint8Array[] = []
  await state.evaluate(script(text), (piece) => pieces.push(piece))
  return Buffer.concat(pieces).toString()
}

async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await delay(5)
}

let server: Served

beforeAll(async () => {
  vi.stubEnv('MOONRING_SOCKET', socket)
  vi.stubEnv('MOONRING_BPFFS', join(folder.path, 'bpffs'))
  chmodSync(folder.path, 0o755)
  server = await start('--metrics', '0', '--subsystem', folder.file('clock.mjs', SUBSYSTEM))
}, TIMEOUT)

afterEach(async () => {
  for (const { name } of await states.list()) await states.destroy(name)
})

afterAll(async () => {
  await stop(server)
  vi.unstubAllEnvs()
  folder.remove()
}, TIMEOUT)

describe('commands', () => {
  test(
    'make, use, show and destroy a state',
    () => {
      expect(folder.run(['create', 'guard', '--memory', '128K'])).toMatchObject({ exit: 0 })
      folder.file('rule.lua', 'up = 80 function tick(n) print(n) end print(up)')
      expect(folder.run(['load', 'guard', 'rule.lua'])).toEqual({ exit: 0, out: '80\n', err: '' })
      expect(folder.run(['eval', 'guard', 'up = 95 return up, 1'])).toEqual({
        exit: 0,
        out: '95\t1\n',
        err: '',
      })
      const failed = folder.run(['eval', 'guard', 'error("no")'])
      expect([failed.exit, failed.err]).toEqual([1, expect.stringContaining('1: no\nstack traceback')])
      expect(JSON.parse(folder.run(['show', 'guard', '--json']).out)).toMatchObject({
        name: 'guard',
        engine: 'user',
        memory: { limit: 131_072 },
      })
      expect(folder.run(['log', 'guard']).out).toContain('80')
      expect(folder.run(['destroy', 'guard']).exit).toBe(0)
      expect(folder.run(['show', 'guard']).exit).toBe(1)
    },
    TIMEOUT,
  )

  test(
    'interrupt a script with Ctrl-C, and when they are killed',
    async () => {
      const state = await states.create('busy')
      for (const signal of ['SIGINT', 'SIGKILL'] as const) {
        await state.load(script('running = false'), () => {})
        const child = spawn(program, ['eval', 'busy', 'print("runs") while true do end'])
        await once(child.stdout, 'data')
        const ended = once(child, 'exit')
        child.kill(signal)
        const [exit] = await ended
        expect(exit).toBe(signal === 'SIGINT' ? 1 : null)
        expect(await output(state, 'return 1')).toBe('1\n')
      }
      state.close()
    },
    TIMEOUT,
  )

  test(
    'say what to do without a server',
    () => {
      vi.stubEnv('MOONRING_SOCKET', join(folder.path, 'none.sock'))
      const { exit, err } = folder.run(['create', 'guard'])
      vi.stubEnv('MOONRING_SOCKET', socket)
      expect([exit, err]).toEqual([4, expect.stringContaining('start it with: moonring serve')])
    },
    TIMEOUT,
  )
})

describe('programs', () => {
  test('get errors as what they are', async () => {
    const state = await states.create('fails', { memory: 1 << 16, fuel: 1_000_000 })
    const loading = (text: string | Uint8Array) => state.load(script(text), () => {})
    await expect(loading('x = = 1')).rejects.toMatchObject({
      name: 'CompileError',
      diagnostics: [{ file: 'test.lua', line: 1, column: 5 }],
    })
    await expect(loading('error({ code = 5 })')).rejects.toMatchObject({
      name: 'LuaError',
      value: new Map([['code', 5]]),
      traceback: expect.stringContaining('test.lua:1'),
    })
    await expect(loading('while true do end')).rejects.toMatchObject({ name: 'OutOfFuel' })
    await expect(loading('local t = {} for i = 1, 1e6 do t[i] = i end'.replace('1e6', '1000000')))
      .rejects //
      .toMatchObject({ name: 'OutOfMemory' })
    const refused = (code: string) => expect.objectContaining({ name: 'StateError', code })
    await expect(states.create('fails')).rejects.toEqual(refused('EXISTS'))
    await expect(states.create('a.b')).rejects.toEqual(refused('BAD_NAME'))
    await expect(states.create('more', { perCpu: true })).rejects.toEqual(refused('BAD_OPTION'))
    await expect(state.attach('nothing', {})).rejects.toEqual(refused('NO_HOOK'))
    await expect(state.attach('cgroup/sysctl', {})).rejects.toEqual(refused('BAD_OPTION'))
    expect(await states.open('other')).toBeUndefined()
    await loading(Buffer.from([0x72, 0x3d, 0x22, 0xff, 0x22])) // r="\xff"
    expect(await output(state, 'return #r, r:byte()')).toBe('1\t255\n')
    await state.destroy()
    expect(await states.list()).toEqual([])
  })

  test.each(Object.entries(HARD_TO_SHOW))('use the state after %s', async (_, line) => {
    const one = await states.create('shown')
    await one.load(script('x = 1'), () => {})
    // the script may fail, but neither the request nor the state does
    await one.evaluate(script(line), () => {}).catch((error) => expect(error).toBeInstanceOf(LuaError))
    expect(await output(one, 'x = x + 1 return x')).toBe('2\n')
    one.close()
    const two = (await states.open('shown')) as NamedState
    expect((await two.describe()).status).toBe('ready')
    expect(await output(two, 'x = x + 1 return x')).toBe('3\n')
    await two.destroy()
  })

  test('use a state at the same time, and see what scripts print while they run', async () => {
    const one = await states.create('shared')
    const two = (await states.open('shared')) as NamedState
    let said = ''
    const endless = one.load(script('print("begun") while true do end'), (text) => {
      said += Buffer.from(text).toString()
    })
    await eventually(() => said === 'begun\n')
    const waiting = output(two, 'up = 5 return up')
    expect((await two.describe()).status).toBe('ready')
    one.interrupt()
    await expect(endless).rejects.toThrow('interrupted!')
    expect(await waiting).toBe('5\n')
    const large = await output(one, "return ('ä'):rep(100000)")
    expect(large).toBe(`${'ä'.repeat(100_000)}\n`)
    expect(await two.fields('_G')).toContainEqual({ name: 'up', callable: false })
    expect((await two.log()).records.map(({ text }) => text)).toEqual(['begun\n'])
    one.close()
    two.close()
  })

  test('attach a state to a hook of a subsystem from outside', async () => {
    const state = await states.create('ticking')
    await state.load(script('function tick(n) print(clock.name(), n) return n < 5 and nil end'), () => {})
    const useless = 'Cannot attach to clock: it has no use for --dev and --netns'
    const hint = 'it takes --call, --later, --default, --target'
    await expect(state.attach('clock', { device: 'eth0', netns: 'lab' })).rejects.toMatchObject({
      message: useless,
      hint,
      code: 'BAD_OPTION',
    })
    const typed = folder.run(['attach', 'ticking', 'clock', '--dev', 'eth0', '--netns', 'lab'])
    expect(typed).toEqual({
      exit: 2,
      out: '',
      err: `moonring: error[M030]: ${useless}\n  = hint: ${hint}\n`,
    })
    await expect(state.attach('clock', { prioritty: 5 } as object)).rejects.toThrow("no option 'prioritty'")
    await expect(state.attach('clock', { function: 'tack' })).rejects.toThrow("no function 'tack'")
    await state.attach('clock', { target: 'somewhere' })
    await eventually(async () => (await state.describe()).calls === 5)
    const { hooks, libraries } = await state.describe()
    expect(hooks).toMatchObject([{ name: 'clock', target: 'somewhere', calls: 5, own: { ticks: 5 } }])
    expect(libraries).toContain('clock')
    expect((await state.log()).records.at(-1)?.text).toBe('tower\t5\n')

    const url = /http:\S+/.exec(server.said())?.[0] as string
    const text = await (await fetch(url)).text()
    expect(text).toContain(
      'moonring_hook_calls_total{state="ticking",engine="user",hook="clock",target="somewhere"} 5\n',
    )
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) moonring_\w+ .+|# EOF|moonring_\w+\{(\w+="([^"\\]|\\.)*",?)+\} [\d.e+-]+)$/,
      )
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
    expect(await state.detach()).toBe(1)
    state.close()
  })
})

describe('the protocol', () => {
  /** Sends text, and gives the lines that come until there are so many, or the server hangs up. */
  async function exchange(text: string, count: number): Promise<Record<string, unknown>[]> {
    const client: Socket = connect(socket)
    client.write(text)
    let received = ''
    try {
      for await (const piece of client) {
        received += piece
        if (received.split('\n').length > count) break
      }
    } finally {
      client.destroy()
    }
    return received
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  test('answers whatever it gets', async () => {
    const [greeting] = await exchange('', 1)
    expect(greeting).toEqual({ moonring: expect.any(String), protocol: 1, pid: server.process.pid })
    const wrong = [
      ['nonsense', null, 'it is no JSON'],
      ['[]', null, 'the line is no object'],
      ['{"id":-1,"method":"list","params":{}}', null, 'id is no integer from 0 on'],
      ['{"id":1,"params":{}}', 1, 'method is no string'],
      ['{"id":2,"method":"toString","params":{}}', 2, "there is no method 'toString'"],
      ['{"id":3,"method":"list"}', 3, 'params is no object'],
      [
        '{"id":4,"method":"create","params":{"name":"x","options":{"memory":"1"}}}',
        4,
        "Cannot create the state 'x': memory is '1', not 64 KiB to 1024 MiB in bytes",
      ],
      [
        '{"id":7,"method":"create","params":{"name":"x","options":{"memmory":1}}}',
        7,
        "there is no option 'memmory'",
      ],
      ['{"id":8,"method":"create","params":{"name":"x","options":[]}}', 8, 'options is no object'],
      ['{"id":5,"method":"load","params":{"name":"x","script":{"name":"y","text":7}}}', 5, "the state 'x'"],
      ['{"id":6,"method":"interrupt","params":{"request":99}}', 6, undefined],
    ] as const
    for (const [line, id, reason] of wrong) {
      const [, answer] = await exchange(`${line}\n`, 2)
      if (reason === undefined) expect(answer).toEqual({ id, result: null })
      else expect(answer).toMatchObject({ id, error: { message: expect.stringContaining(reason) } })
    }
  })

  test('ends with a line that is too long', async () => {
    const answers = await exchange('x'.repeat(17 << 20), 3)
    expect(answers[1]).toMatchObject({ id: null, error: { code: 'BAD_REQUEST' } })
    expect(answers).toHaveLength(2)
  })

  const loading = (name: string, text: string) =>
    `${JSON.stringify({ id: 1, method: 'load', params: { name, script: { name: 'x', text } } })}\n`

  test('hangs up on a client that does not read', async () => {
    const state = await states.create('loud')
    const client = connect(socket)
    const begun = once(client, 'readable') // and nothing is read
    client.write(loading('loud', "while true do print(('x'):rep(1 << 16)) end"))
    await begun
    await eventually(() =>
      state
        .load(script('x = 1'), () => {})
        .then(
          () => true,
          () => false,
        ),
    )
    client.destroy()
    state.close()
  })

  test('interrupts what a client runs that goes away', async () => {
    const state = await states.create('left')
    const request = loading('left', 'print(1) while true do end')
    expect(await exchange(request, 2)).toMatchObject([{}, { id: 1, output: '1\n' }])
    expect(await output(state, 'return 2')).toBe('2\n')
    state.close()
  })
})

describe('the socket', () => {
  test(
    'is of one server, and removed at its end',
    async () => {
      expect(statSync(socket).mode & 0o777).toBe(0o600)
      const { exit, err } = folder.run(['serve', '--socket', socket])
      expect([exit, err]).toEqual([1, expect.stringContaining(`process ${server.process.pid} does`)])
      await stop(server, 'SIGKILL')
      expect(existsSync(socket)).toBe(true)
      server = await start()
      const state = await states.create('kept')
      expect(await stop(server)).toBe(0)
      await expect(state.describe()).rejects.toMatchObject({ code: 'CLOSED' })
      expect(existsSync(socket)).toBe(false)
      server = await start()
      expect(await states.list()).toEqual([])
    },
    TIMEOUT,
  )

  const isRoot = process.getuid?.() === 0
  const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0
  testUnless((!isRoot || !hasSetpriv) && 'needs root and setpriv')(
    'is for root, the own user and a group',
    async () => {
      const asStranger = (...groups: string[]) => {
        const drop = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, ...groups]
        const { status, stdout, stderr } = spawnSync('setpriv', [...drop, program, 'list', '--json'], {
          encoding: 'utf8',
        })
        return [status, stdout, stderr]
      }
      await stop(server)
      server = await start('--group', '4242')
      expect(statSync(socket).mode & 0o777).toBe(0o660)
      expect(statSync(socket).gid).toBe(4242)
      await states.create('seen')
      const notOpen = expect.stringContaining('it is not open to this user')
      expect(asStranger('--clear-groups')).toEqual([3, '', notOpen])
      expect(asStranger('--groups=4242')).toEqual([0, expect.stringContaining('"seen"'), ''])
      // even where the file lets everybody in
      chmodSync(socket, 0o666)
      const refused = expect.stringContaining(`of user ${STRANGER} in: only root`)
      expect(asStranger('--clear-groups')).toEqual([3, '', refused])
      await eventually(() => server.said().includes(`of user ${STRANGER} in: only root`))
    },
    TIMEOUT,
  )
})
