/** Named states in the kernel as people find them: names, lists, other processes, folders that aren't whole, bpffs. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { CONTROL, CONTROL_STATUS, MEMORY } from '../src/isa/layout.ts'
import { mountPoints } from '../src/kernel/bpffs.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { openPinnedArena, openPinnedProgram, pin, unpin } from '../src/kernel/pin.ts'
import { ControlBlock } from '../src/named/control-block.ts'
import { layoutHash } from '../src/named/version.ts'
import { ownToken } from '../src/state/state-lock.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

const TIMEOUT = 120_000
const quiet = () => {}

describeInKernel('named states in the kernel', () => {
  const fixture = new NamedStatesFixture()
  const { states, bpffs } = fixture
  const folder = join(bpffs, 'moonring')

  /** Makes a state that this process doesn't hold. */
  async function make(name: string, perCpu = false): Promise<void> {
    const state = await states.create(name, { memory: 65536, perCpu })
    state.close()
  }

  /** Changes the memory of a state behind its back. */
  function tamper(
    name: string,
    change: (control: ControlBlock, buffer: ArrayBuffer) => void,
    number = 0,
  ): void {
    using arena = openPinnedArena(join(folder, name, `memory-${number}`))
    change(new ControlBlock(arena.buffer, arena.size - CONTROL.BYTES), arena.buffer)
  }

  const statuses = async () => (await states.list()).map(({ name, status }) => [name, status])

  describe('as the programming interface has them', () => {
    test('are made, found, listed, used and destroyed', async () => {
      expect(await states.list()).toEqual([])
      expect(await states.open('one')).toBeUndefined()
      expect(await states.destroy('one')).toBe(false)
      const made = await states.create('one', { memory: 65536, fuel: 5000, description: 'the first' })
      await made.load({ name: 'a.lua', text: 'n = 41' }, quiet)
      made.close()
      await make('two')
      expect(await states.list()).toMatchObject([
        { name: 'one', engine: 'kernel', status: 'ready', description: 'the first', fuel: 5000, replicas: 1 },
        {
          name: 'two',
          status: 'ready',
          description: '',
          fuel: null,
          deadline: null,
          memory: { limit: 65536 },
        },
      ])
      await expect(states.create('one', {})).rejects.toMatchObject({ code: 'EXISTS' })
      const found = await states.open('one')
      expect(await found?.states[0]?.load('return n + 1')).toEqual([42])
      await found?.destroy()
      found?.close()
      expect(await statuses()).toEqual([['two', 'ready']])
      expect(await states.destroy('two')).toBe(true)
      expect(readdirSync(folder)).toEqual([])
    })

    test('names that cannot be names are refused', async () => {
      for (const name of [
        '',
        'a/b',
        '../x',
        '/',
        '.',
        '..',
        'a.b',
        '-x',
        'x'.repeat(300),
        'ä',
        'a b',
        'a\0b',
      ])
        for (const use of [
          () => states.create(name, {}),
          () => states.open(name),
          () => states.destroy(name),
        ])
          await expect(use()).rejects.toMatchObject({ code: 'BAD_NAME' })
      for (const name of ['a', '0', '_-_', 'x'.repeat(63)]) {
        await make(name)
        expect(await states.destroy(name)).toBe(true)
      }
      expect(readdirSync(folder)).toEqual([])
    })

    test('options that cannot be are refused, and nothing is left', async () => {
      for (const options of [
        { memory: 1000 },
        { memory: 2 ** 30 },
        { memory: 1.5 },
        { description: 'd'.repeat(128) },
        { libraries: ['none' as 'string'] },
      ])
        await expect(states.create('odd', options)).rejects.toMatchObject({ code: 'BAD_OPTION' })
      expect(readdirSync(folder)).toEqual([])
    })

    test('one that is used after another process has destroyed it says so', async () => {
      const held = await states.create('gone', {})
      const other = await states.open('gone')
      await held.destroy()
      await expect(other?.evaluate({ name: 'eval', text: 'n = 1' }, quiet)).rejects.toMatchObject({
        code: 'NO_STATE',
      })
      await expect(other?.attach('cgroup/sysctl', { target: fixture.cgroup })).rejects.toMatchObject({
        code: 'NO_STATE',
      })
      await expect(other?.destroy()).rejects.toMatchObject({ code: 'NO_STATE' })
      other?.close()
      expect(await statuses()).toEqual([])
    })

    test('a failed script changes what it changed, and ends; the state lives on', async () => {
      const state = await states.create('failing', { memory: 65536, fuel: 10_000 })
      try {
        const run = (text: string) => state.load({ name: 'x.lua', text }, quiet)
        await expect(run('n = 1 error("no")')).rejects.toMatchObject({ code: 'LUA_ERROR' })
        await expect(run('while true do end')).rejects.toMatchObject({ code: 'OUT_OF_FUEL' })
        await expect(run("s = ('x'):rep(1 << 20)")).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
        await expect(run('x =')).rejects.toMatchObject({ name: 'CompileError' })
        await expect(state.states[0]?.call('f'.repeat(41))).rejects.toMatchObject({ code: 'LUA_ERROR' })
        expect(await state.states[0]?.load('return n, s')).toEqual([1, null])
      } finally {
        await state.destroy()
      }
    })
  })

  describe('that are no whole states', () => {
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, '0')

    test('another layout is refused with both versions, and can be destroyed', async () => {
      await make('old')
      const other = layoutHash() ^ 1
      tamper('old', (control) => control.sign('0.0.9', other))
      const words = [`Moonring 0.0.9 (layout ${hex(other)})`, `layout ${hex(layoutHash())}`]
      for (const word of words) await expect(states.open('old')).rejects.toThrow(word)
      await expect(states.open('old')).rejects.toMatchObject({ code: 'INCOMPATIBLE' })
      expect(await states.list()).toMatchObject([
        { status: 'incompatible', reason: expect.stringContaining('0.0.9') },
      ])
      await expect(states.create('old', {})).rejects.toMatchObject({ code: 'EXISTS' })
      const shown = fixture.run('show', 'old')
      expect(shown.exit).toBe(1)
      for (const word of words) expect(shown.out).toContain(word)
      expect(fixture.run('eval', 'old', '1')).toMatchObject({
        exit: 1,
        err: expect.stringContaining(words[0] ?? ''),
      })
      fixture.done('destroy', 'old')
      expect(await statuses()).toEqual([])
    })

    test.each([
      ['its memory is missing', ['memory-0']],
      ['its program is missing', ['vm-0']],
      ['a second memory without the first', ['memory-0', 'vm-0']],
    ])('%s: listed as incomplete, made anew or destroyed', async (_, missing) => {
      for (const end of ['create', 'destroy']) {
        await make('part', true)
        for (const gone of missing) unpin(join(folder, 'part', gone))
        expect(await statuses()).toEqual([['part', 'incomplete']])
        await expect(states.open('part')).rejects.toMatchObject({ code: 'BROKEN' })
        if (end === 'create') {
          await make('part')
          expect(await statuses()).toEqual([['part', 'ready']])
        }
        expect(await states.destroy('part')).toBe(true)
        expect(readdirSync(folder)).toEqual([])
      }
    })

    test('whoever made or destroyed it has ended before that was done', async () => {
      for (const status of [CONTROL_STATUS.MADE, CONTROL_STATUS.DESTROYED]) {
        await make('half')
        tamper('half', (control) => {
          control.status = status
        })
        expect(await statuses()).toEqual([['half', 'incomplete']])
        expect(fixture.run('show', 'half')).toMatchObject({
          exit: 1,
          out: expect.stringContaining('incomplete'),
        })
        fixture.done('destroy', 'half')
      }
    })

    test('one that another process is making is busy, and stays', async () => {
      await make('coming')
      tamper('coming', (control) => {
        control.status = CONTROL_STATUS.MADE
        control.setLong(control.address + CONTROL.MANAGER, ownToken())
      })
      expect(await statuses()).toEqual([['coming', 'busy']])
      await expect(states.open('coming')).rejects.toThrow(`process ${process.pid} has not made it yet`)
      const { exit, out, err } = fixture.run('show', 'coming')
      expect([exit, err, out.trimEnd().split('\n')]).toEqual([
        1,
        '',
        [
          'name         coming',
          'engine       kernel',
          `status       busy: process ${process.pid} has not made it yet`,
        ],
      ])
      await expect(states.create('coming', {})).rejects.toMatchObject({ code: 'EXISTS' })
      await expect(states.destroy('coming')).rejects.toMatchObject({ code: 'BUSY' })
      tamper('coming', (control) => {
        control.status = CONTROL_STATUS.READY
        control.setLong(control.address + CONTROL.MANAGER, 0n)
      })
      expect(await states.destroy('coming')).toBe(true)
    })

    test('memory that holds no state, pins of other things, and an empty folder', async () => {
      await make('odd')
      tamper('odd', (_, buffer) => {
        new Int32Array(buffer)[MEMORY.MAGIC >>> 2] = 0
      })
      await make('good')
      await make('mixed')
      unpin(join(folder, 'mixed/memory-0'))
      using program = openPinnedProgram(join(folder, 'mixed/vm-0'))
      pin(program, join(folder, 'mixed/memory-0'))
      mkdirSync(join(folder, 'empty'))
      expect(await statuses()).toEqual([
        ['good', 'ready'],
        ['mixed', 'incomplete'],
        ['odd', 'incomplete'],
      ])
      expect(await states.open('empty')).toBeUndefined()
      expect(await states.destroy('empty')).toBe(false)
      for (const name of ['odd', 'good', 'mixed']) expect(await states.destroy(name)).toBe(true)
      expect(readdirSync(folder)).toEqual([])
    })
  })

  describe('as the command has them', () => {
    test(
      'another process finds a state and its globals; exit codes say what went wrong',
      async () => {
        fixture.done(
          'create',
          'cli',
          '--kernel',
          '--memory',
          '64K',
          '--allow',
          'string',
          '--description',
          'mine',
        )
        const { pid } = process
        fixture.done('eval', 'cli', `n = ${pid}`)
        const here = await states.open('cli')
        expect(await here?.states[0]?.load('return n, table')).toEqual([pid, null])
        here?.close()
        expect(JSON.parse(fixture.done('list', '--json'))).toMatchObject([
          {
            name: 'cli',
            engine: 'kernel',
            libraries: ['string'],
            memory: { limit: 65536 },
            description: 'mine',
          },
        ])
        expect(fixture.done('show', 'cli')).toMatch(/mine/)
        for (const [exit, pattern, ...args] of [
          [1, /there is one of this name/, 'create', 'cli', '--kernel'],
          [1, /none of this name/, 'show', 'none'],
          [1, /none of this name/, 'eval', 'none', '1'],
          [1, /none of this name/, 'destroy', 'none'],
          [1, /none of this name/, 'attach', 'none', 'cgroup/sysctl'],
          [1, /no hook calls it/, 'detach', 'cli'],
          [1, /no/, 'eval', 'cli', 'error("no")'],
          [1, /unexpected|expected/, 'eval', 'cli', 'x ='],
          [2, /'a\/b'/, 'create', 'a/b', '--kernel'],
          [2, /it is empty/, 'create', '', '--kernel'],
          [2, /300 characters/, 'create', 'x'.repeat(300), '--kernel'],
          [2, /'a\.b'/, 'show', 'a.b'],
          [2, /--memory/, 'create', 'big', '--kernel', '--memory', '1G'],
          [2, /library/, 'create', 'big', '--kernel', '--allow', 'io'],
          [2, /cgroup/, 'attach', 'cli', 'cgroup/sysctl'],
          [
            2,
            /'cgroup\/none': there is none of this name\n.*use one of these:\n[\s\S]* cgroup\/sysctl\n/,
            'attach',
            'cli',
            'cgroup/none',
          ],
          [2, /did you mean cgroup\/sysctl\?/, 'attach', 'cli', 'cgroup/sysclt'],
          [1, /ENOENT/, 'attach', 'cli', 'cgroup/sysctl', '--cgroup', '/none'],
          [1, /ENOTDIR/, 'attach', 'cli', 'cgroup/sysctl', '--cgroup', '/etc/passwd'],
        ] as const) {
          const ended = fixture.run(...args)
          expect([...args, ended.exit]).toEqual([...args, exit])
          expect(ended.err).toMatch(pattern)
        }
        fixture.done('destroy', 'cli')
        expect(fixture.done('list')).toMatch(/no states/)
      },
      TIMEOUT,
    )

    test(
      'a user without rights is told what is lacking, by the exit code too',
      () => {
        fixture.done('create', 'private', '--kernel')
        const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
        for (const args of [
          ['list'],
          ['show', 'private'],
          ['eval', 'private', '1'],
          ['destroy', 'private'],
          ['create', 'mine', '--kernel'],
        ]) {
          const { exit, out, err } = fixture.runAs(nobody, {}, ...args)
          expect([...args, exit, out]).toEqual([...args, 3, ''])
          expect(err).toMatch(/error\[M021\]: Cannot .*(root|CAP_)/)
        }
        const elsewhere = { MOONRING_BPFFS: join(fixture.folder, 'theirs') }
        // /tmp is refused before rights are asked for: it is no place for states of anybody
        for (const [directory, exit] of [
          [elsewhere.MOONRING_BPFFS, 3],
          ['/tmp', 1],
        ] as const) {
          const ended = fixture.runAs(nobody, { MOONRING_BPFFS: directory }, 'create', 'mine', '--kernel')
          expect([directory, ended.exit]).toEqual([directory, exit])
        }
        fixture.done('destroy', 'private')
      },
      TIMEOUT,
    )
  })

  describe('where bpffs', () => {
    test(
      'is not mounted it is, once, however its directory is named',
      async () => {
        const directory = join(fixture.folder, 'late')
        const link = join(fixture.folder, 'link')
        symlinkSync(directory, link)
        mkdirSync(directory)
        try {
          for (const [i, name] of [directory, 'late', link, `${directory}/`].entries())
            expect(fixture.runAs([], { MOONRING_BPFFS: name }, 'create', `s${i}`, '--kernel')).toMatchObject({
              exit: 0,
            })
          expect(mountPoints('bpf').filter((path) => path === directory)).toHaveLength(1)
          expect(
            fixture.runAs([], { MOONRING_BPFFS: link }, 'destroy', 's0', 's1', 's2', 's3'),
          ).toMatchObject({ exit: 0 })
        } finally {
          spawnSync('umount', [directory])
        }
      },
      TIMEOUT,
    )

    test(
      'cannot be mounted, or is another file system, one error says so',
      () => {
        const file = join(fixture.folder, 'file')
        writeFileSync(file, '')
        for (const directory of [file, join(file, 'below')]) {
          const ended = fixture.runAs([], { MOONRING_BPFFS: directory }, 'create', 'x', '--kernel')
          expect(ended).toMatchObject({
            exit: 1,
            err: expect.stringMatching(/^moonring: error\[M024\]: Cannot use .*\n {2}= hint: .*\n$/),
          })
        }
        const plain = join(fixture.folder, 'plain')
        mkdirSync(join(plain, 'moonring/one'), { recursive: true })
        writeFileSync(join(plain, 'moonring/one/memory-0'), '')
        for (const args of [['list'], ['show', 'one'], ['eval', 'one', '1']]) {
          const ended = fixture.runAs([], { MOONRING_BPFFS: plain }, ...args)
          expect([...args, ended.exit]).toEqual([...args, 1])
          expect(ended.err).toMatch(
            /^moonring: error\[M024\]: Cannot use .* another file system, and it is not empty\n {2}= hint: .*\n$/,
          )
        }
      },
      TIMEOUT,
    )

    test(
      'is read-only, nothing changes, and one error says so',
      async () => {
        fixture.done('create', 'fixed', '--kernel')
        fixture.done('eval', 'fixed', 'function sysctl() return false end')
        fixture.done('attach', 'fixed', 'cgroup/sysctl', '--cgroup', fixture.cgroup)
        const held = await states.open('fixed')
        try {
          expect(spawnSync('mount', ['-o', 'remount,ro', bpffs]).status).toBe(0)
          for (const args of [
            ['create', 'other', '--kernel'],
            ['destroy', 'fixed'],
            ['detach', 'fixed'],
            ['attach', 'fixed', 'cgroup/sysctl', '--cgroup', fixture.cgroup],
            ['show', 'fixed'],
            ['list'],
          ]) {
            const ended = fixture.run(...args)
            expect([...args, ended.exit]).toEqual([...args, 1])
            expect(ended.err).toMatch(
              /^moonring: error\[M024\]: Cannot .*read-only.*\n {2}= hint: .*mount.*\n$/,
            )
          }
          await expect(held?.destroy()).rejects.toThrow(/read-only/)
          await expect(held?.detach()).rejects.toThrow(/read-only/)
          expect(await held?.describe()).toMatchObject({
            status: 'ready',
            hooks: [{ name: 'cgroup/sysctl' }],
          })
          expect(fixture.read()).toBe('')
        } finally {
          held?.close()
          spawnSync('mount', ['-o', 'remount,rw', bpffs])
        }
        expect(await statuses()).toEqual([['fixed', 'ready']])
        expect(fixture.read()).toBe('')
        fixture.done('destroy', 'fixed')
        expect(fixture.read()).toBe('Linux')
      },
      TIMEOUT,
    )
  })
})
