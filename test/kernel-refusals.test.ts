/**
 * What `moonring run --kernel` says where it can't do it: exit code 3 or 4, what is missing, what to do, and no
 * stack trace. What goes wrong halfway leaves nothing open.
 */

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KernelError } from '../src/kernel/errors.ts'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { RecordedCalls } from '../src/kernel/recorded-calls.fixture.ts'
import { KernelInstance } from '../src/state/kernel-engine.ts'
import type { Ended } from '../tools/network/service.ts'
import {
  bpfFails,
  environmentOf,
  type Fault,
  fileIsMissing,
  koffiFails,
  machineIs,
  mmapFails,
} from './broken-machine.fixture.ts'
import { program, root, ScratchFolder } from './command.fixture.ts'
import { describeUnless, testUnless } from './needs.fixture.ts'

const MAP_CREATE = 0
const PROG_LOAD = 5
const BTF_LOAD = 18
const PERMISSION = 1
const NO_MEMORY = 12

const work = new ScratchFolder()
beforeAll(() => {
  work.file('hello.lua', "print('hello')")
})
afterAll(() => work.remove())

/** Runs a command line in the scratch folder. No failure may show a JavaScript stack. */
function spawned(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Ended {
  const [file, ...args] = command as [string, ...string[]]
  const env = { ...process.env, MOONRING_DEBUG: '', ...environment }
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: work.path, encoding: 'utf8', env })
  expect(stderr).not.toMatch(/\n {4}at |node:internal/)
  return { exit: status, out: stdout, err: stderr }
}

const RUN = [program, 'run', '--kernel', 'hello.lua']

function expectRefusal({ exit, out, err }: Ended, code: number, says: RegExp): void {
  expect(err).toMatch(says)
  expect(err).toMatch(/^moonring: error\[M\d+\]: Cannot .+\n {2}= hint: .+\n$/)
  expect({ exit, out }).toEqual({ exit: code, out: '' })
}

/** The command without any capability but these; it stays root, who may read the files. */
const withCapabilities = (...names: string[]): string[] => {
  const set = ['-all', ...names.map((name) => `+${name}`)].join(',')
  return ['setpriv', '--bounding-set', set, '--inh-caps', '-all', '--', ...RUN]
}

describeInKernel('without the capabilities', () => {
  test.each([
    [[], /lacks CAP_BPF and CAP_PERFMON \(EPERM\)\n.*sudo/],
    [['bpf'], /lacks CAP_PERFMON \(EPERM\)\n.*sudo/],
    [['perfmon'], /lacks CAP_BPF \(EPERM\)\n.*sudo/],
  ] as [string[], RegExp][])('root with %j is refused', (names, says) => {
    expectRefusal(spawned(withCapabilities(...names)), 3, says)
  })

  test('CAP_BPF and CAP_PERFMON are enough', () => {
    expect(spawned(withCapabilities('bpf', 'perfmon'))).toEqual({ exit: 0, out: 'hello\n', err: '' })
  })

  const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--']
  const canRead = spawnSync('sh', ['-c', `${asNobody.join(' ')} ${program} --version`]).status === 0
  testUnless(!canRead && 'nobody may not read this folder')('nobody is refused', () => {
    spawnSync('chmod', ['-R', 'a+rX', work.path])
    expectRefusal(spawned([...asNobody, ...RUN]), 3, /lacks CAP_BPF and CAP_PERFMON/)
  })

  test('root of a user namespace only is refused', ({ skip }) => {
    if (spawnSync('unshare', ['-U', '-r', 'true']).status !== 0) skip('this machine has no user namespaces')
    expectRefusal(spawned(['unshare', '-U', '-r', '--', ...RUN]), 3, /only inside its user namespace/)
  })

  test('--memory that no arena has is wrong usage', () => {
    expectRefusal(spawned([program, 'run', '--kernel', '--memory', '4G', 'hello.lua']), 2, /64K to \d+[MG]\n/)
  })

  test('a limit of addresses is named', () => {
    const limited = (kilobytes: number) => ['sh', '-c', `ulimit -v ${kilobytes}; exec ${RUN.join(' ')}`]
    expectRefusal(spawned(limited(2_000_000)), 4, /addresses[\s\S]*ulimit -v/)
  })
})

describeUnless(process.platform !== 'linux' && 'needs Linux')('on a machine that', () => {
  const cases: [what: string, fault: Fault, exit: number, says: RegExp][] = [
    ['has no bpf(2)', bpfFails('ENOSYS'), 4, /no bpf\(2\)\n.*CONFIG_BPF_SYSCALL/],
    ['has no arenas', bpfFails('EINVAL', MAP_CREATE), 4, /lacks maps of the type arena.*\n.*Linux 6\.9/],
    ['has no BTF', bpfFails('EINVAL', BTF_LOAD), 4, /lacks BTF of programs.*\n.*Linux/],
    ['can load no program', bpfFails('EINVAL', PROG_LOAD), 4, /lacks programs of the type SYSCALL/],
    ['forbids it all the same', bpfFails('EPERM', MAP_CREATE), 3, /\(EPERM\)\n/],
    ['has other things at every address', mmapFails('EEXIST'), 4, /no aligned range.*\n.*new process/],
    ['has no addresses left', mmapFails('ENOMEM'), 4, /no aligned range.*\n.*ulimit -v/],
    ['is of another architecture', machineIs('arch', 'riscv64'), 4, /is riscv64, and only x64 and arm64/],
    [
      'has another kernel',
      machineIs('platform', 'darwin'),
      4,
      /is darwin, and eBPF is Linux's\n.*user space/,
    ],
    [
      'lacks koffi',
      koffiFails('MODULE_NOT_FOUND', "Cannot find module 'koffi'\nRequire stack:\n- x"),
      4,
      /koffi doesn't load \(Cannot find module 'koffi'\)\n.*user space/,
    ],
    [
      'has a koffi for another C library',
      koffiFails('ERR_DLOPEN_FAILED', 'libc.musl.so: cannot open shared object file'),
      4,
      /koffi doesn't load \(libc.musl.so/,
    ],
  ]
  test.each(cases)('%s', (_, fault, exit, says) => {
    expectRefusal(spawned(RUN, environmentOf(fault, work)), exit, says)
    // user space needs nothing of that
    const inUserSpace = spawned([program, 'run', 'hello.lua'], environmentOf(fault, work))
    expect(inUserSpace).toEqual({ exit: 0, out: 'hello\n', err: '' })
  })
})

describeInKernel('on a machine without the kernel’s types', () => {
  test('scripts run: the VM needs none', () => {
    const environment = environmentOf(fileIsMissing('/sys/kernel/btf/vmlinux'), work)
    expect(spawned(RUN, environment)).toEqual({ exit: 0, out: 'hello\n', err: '' })
  })
})

describe('a damaged installation', () => {
  const copy = join(tmpdir(), `moonring-damaged-${process.pid}`)
  const file = join(copy, 'dist/vm/moonring.bpf')
  const whole = readFileSync(join(root, 'dist/vm/moonring.bpf'))
  beforeAll(() => {
    mkdirSync(join(copy, 'dist'), { recursive: true })
    for (const part of ['bin', 'package.json', 'dist/src', 'dist/vm'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  const otherVersion = Uint8Array.from(whole)
  otherVersion[8] = 99
  test.each([
    ['cut off', whole.subarray(0, 100_000), /it is cut off\n/],
    ['empty', whole.subarray(0, 0), /it is none\n/],
    ['a foreign file', readFileSync(process.execPath).subarray(0, 50_000), /it is none\n/],
    ['of another version', otherVersion, /its format is version 99/],
    ['missing', undefined, /ENOENT/],
  ])('with a translated VM that is %s', (_, bytes, says) => {
    rmSync(file, { force: true })
    if (bytes !== undefined) writeFileSync(file, bytes)
    const ended = spawned([join(copy, 'bin/moonring'), 'run', '--kernel', 'hello.lua'])
    expectRefusal(ended, 4, says)
    expect(ended.err).toMatch(/hint: build or install the package again/)
  })
})

describe('whatever system call fails', () => {
  test.each([PERMISSION, NO_MEMORY])('nothing is left open, error %d', (error) => {
    let failing = 1
    for (; ; failing++) {
      const system = new RecordedCalls(undefined, failing, error)
      try {
        KernelInstance.create(65536, system).close()
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(KernelError)
      }
      expect([...system.open], `call ${failing} fails`).toEqual([])
      if (system.count < failing) break
    }
    expect(failing).toBeGreaterThan(4)
  })
})
