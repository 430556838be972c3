/** `moonring run --kernel` as people run it: output, signals, limits, and that nothing is left in the kernel. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import type { Ended } from '../tools/network/service.ts'
import { expectNothingLeft } from './bpf-objects.fixture.ts'
import { program, ScratchFolder } from './command.fixture.ts'

const TIMEOUT = 120_000
/** Milliseconds after which a command is killed at the latest: by then it runs its script. */
const LONGEST_LIFE = 2500

const work = new ScratchFolder()
afterAll(() => work.remove())

/** Runs a script in the kernel, with options. */
const run = (text: string, ...options: string[]): Ended =>
  work.run(['run', '--kernel', ...options, work.file('script.lua', text)])

/** Starts a script in the kernel that prints `started` and runs on; resolves once it has printed. */
async function start(text: string) {
  const child = spawn(program, ['run', '--kernel', work.file('long.lua', text)], { cwd: work.path })
  let err = ''
  child.stderr.on('data', (data) => {
    err += String(data)
  })
  await once(child.stdout, 'data')
  return { child, ended: once(child, 'close').then(([exit, signal]) => ({ exit, signal, err })) }
}

/** Numbers below 1, the same each time. */
function* seeded(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

describeInKernel('moonring run --kernel', () => {
  test('runs scripts as in user space', () => {
    const text = `
      print(..., arg[0], arg[1])
      local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
      print(co(), co(), load('return 6 * 7')(), pcall(error, 'x'))
      print(('%-5s|%5d'):format('ab', 42), #data.new(9), utf8.char(955))
      local function f() error({ code = 7 }) end
      print(select('#', pcall(f)), math.maxinteger + 1 == math.mininteger)
      error('the end')`
    const file = work.file('script.lua', text)
    const inKernel = work.run(['run', '--kernel', file, 'a', '--stats'])
    expect(inKernel).toEqual(work.run(['run', file, 'a', '--stats']))
    expect(inKernel).toMatchObject({ exit: 1, err: expect.stringMatching(/^script\.lua:8: the end\nstack/) })
  })

  test('says what it took', () => {
    const { exit, out, err } = run('print(1)', '--stats')
    expect({ exit, out }).toEqual({ exit: 0, out: '1\n' })
    expect(err).toMatch(
      /verifier processed {2,}[\d,]+ instructions[\s\S]*program {2,}.*eBPF[\s\S]*ran {2,}\d+/,
    )
  })

  test('much output arrives whole', () => {
    const { exit, out } = run('for i = 1, 200000 do print(i) end')
    expect(exit).toBe(0)
    expect(out.length).toBe(1288895)
    expect(out.endsWith('\n200000\n')).toBe(true)
    expect(run("print(('x'):rep(3000000))", '--memory', '8M').out).toBe(`${'x'.repeat(3e6)}\n`)
  })

  test('limits are named, with the option that raises them', () => {
    expect(run('while true do end', '--fuel', '10_000')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/out of fuel\n[\s\S]*10000 instructions.*--fuel 100000/),
    })
    expect(run('local t = {} while true do t[#t + 1] = {} end', '--memory', '64K')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/not enough memory\n[\s\S]*64 KiB.*--memory 256K/),
    })
    expect(run("print(#('x'):rep(30 << 20))", '--memory', '64M')).toMatchObject({
      exit: 0,
      out: '31457280\n',
    })
  })

  test(
    'a script may take its time',
    () => {
      const { exit, out } = run('local n = 0 for i = 1, 50000000 do n = n + i % 3 end print(n)')
      expect({ exit, out }).toEqual({ exit: 0, out: '50000001\n' })
    },
    TIMEOUT,
  )

  test.each([
    ['an empty loop', 'print("started") while true do end'],
    ['a loop of protected calls', 'print("started") while true do pcall(error) end'],
    ['a long library function', "print('started') while true do ('a'):rep(3000):find('.-.-.-b') end"],
  ])('Ctrl-C ends %s between two slices', async (_, text) => {
    const { child, ended } = await start(text)
    await delay(200)
    child.kill('SIGINT')
    const { exit, signal, err } = await ended
    expect({ exit, signal }).toEqual({ exit: 1, signal: null })
    expect(err).toMatch(/interrupted!\nstack traceback:/)
  })

  test(
    'killed at any time, it leaves nothing behind',
    async () => {
      const random = seeded(1)
      let loading = 0
      let running = 0
      const made = await expectNothingLeft(async () => {
        for (let i = 0; i < 20; i++) {
          const file = work.file('killed.lua', 'print("started") while true do print(("x"):rep(99)) end')
          const child = spawn(program, ['run', '--kernel', file], { cwd: work.path })
          let out = 0
          child.stdout.on('data', (data: Buffer) => {
            out += data.length
          })
          const ended = once(child, 'close')
          await delay(LONGEST_LIFE * (random.next().value as number))
          child.kill('SIGKILL')
          expect(await ended).toEqual([null, 'SIGKILL'])
          if (out > 0) running++
          else loading++
        }
      })
      expect(made.length).toBeGreaterThan(0)
      expect(Math.min(loading, running)).toBeGreaterThan(0)
    },
    TIMEOUT,
  )
})
