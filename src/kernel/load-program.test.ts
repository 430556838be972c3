import { describe, expect, test } from 'vitest'
import { assemble } from '../ebpf/assemble.ts'
import { NotAvailable, NotPermitted } from './errors.ts'
import { describeInKernel } from './kernel.fixture.ts'
import { loadProgram } from './load-program.ts'
import { createMap } from './map.ts'
import { RecordedCalls } from './recorded-calls.fixture.ts'
import { VerifierError } from './verifier-error.ts'

const ADD = assemble(`
static func main(ctx)
  r6 = r1
  r1 = *(u64 *)(r6 + 0)
  r2 = *(u64 *)(r6 + 8)
  call function add
  *(u64 *)(r6 + 0) = r0
  exit
global func add(a, b)
  r0 = r1
  r0 += r2
  exit`)

const LOAD = 5

function attributesOf(system: RecordedCalls, command: number): DataView {
  return new DataView(system.calls.find((call) => call.command === command)!.attributes.buffer)
}

describe('loading programs', () => {
  test('what the kernel gets', () => {
    const system = new RecordedCalls()
    const program = loadProgram(ADD, { type: 'SYSCALL', name: 'add-numbers', system })
    const view = attributesOf(system, LOAD)
    expect(view.getUint32(0, true)).toBe(31)
    expect(view.getUint32(4, true)).toBe(ADD.instructions.length / 8)
    expect(system.at(view.getBigUint64(8, true))).toEqual(ADD.instructions)
    expect(Buffer.from(system.at(view.getBigUint64(16, true))).toString()).toBe('GPL\0')
    // sleepable, as the kernel wants it of SYSCALL programs; statistics only
    expect(view.getUint32(44, true)).toBe(1 << 4)
    expect(view.getUint32(24, true)).toBe(4)
    expect(Buffer.from(view.buffer, 48, 12).toString()).toBe('add_numbers\0')
    expect([view.getUint32(76, true), view.getUint32(88, true)]).toEqual([8, 2])
    program.close()
    program.close()
    expect(system.open.size).toBe(0)
  })

  test('the attach type of NETFILTER is its own', () => {
    const system = new RecordedCalls()
    loadProgram(assemble('r0 = 1\nexit'), { type: 'NETFILTER', system })
    expect(attributesOf(system, LOAD).getUint32(68, true)).toBe(45)
  })

  test('references are completed in a copy', () => {
    const spec = assemble('r1 = map m ll\nr2 = value m+24 ll\ncall kfunc bpf_thing\nr0 = 0\nexit')
    const before = spec.instructions.slice()
    const system = new RecordedCalls()
    const m = createMap({ kind: 'array', name: 'm', valueSize: 32, maxEntries: 1 }, system)
    loadProgram(spec, { type: 'SYSCALL', maps: { m }, kfuncId: () => 0x1234, system })
    const view = attributesOf(system, LOAD)
    const instructions = Buffer.from(system.at(view.getBigUint64(8, true)))
    expect(instructions.toString('hex', 0, 40)).toBe(
      '1811000064000000' + '0000000000000000' + '1822000064000000' + '0000000018000000' + '8520000034120000',
    )
    expect(spec.instructions).toEqual(before)
  })

  test('names that lead nowhere', () => {
    const system = new RecordedCalls()
    const load = (text: string) => loadProgram(assemble(text), { type: 'SYSCALL', system })
    expect(() => load('r1 = map m ll\nexit')).toThrow(
      'Cannot load program main: it uses map m, which is not given',
    )
    expect(() => load('call function f\nexit')).toThrow('Cannot load program main: it calls f')
    expect(system.calls).toEqual([])
  })
})

/** A kernel that refuses programs with an error and a log. */
function refusing(errno: number, log = ''): RecordedCalls {
  const system: RecordedCalls = new RecordedCalls((command, attributes) => {
    if (command !== LOAD) return undefined
    const view = new DataView(attributes.buffer)
    const buffer = system.at(view.getBigUint64(32, true))
    new TextEncoder().encodeInto(log, buffer.subarray(0, -1))
    view.setUint32(140, log.length + 1, true)
    return log.length >= buffer.length ? -28 : -errno
  })
  return system
}

const spec = { ...ADD, positionOf: (at: number) => ({ wasmOffset: 16 * at, file: 'vm/a.ts', line: at }) }

function errorOf(system: RecordedCalls) {
  try {
    loadProgram(spec, { type: 'XDP', system })
  } catch (error) {
    expect(system.open.size).toBe(0)
    return error
  }
  throw new Error('it loads')
}

describe('refusals', () => {
  test('by the verifier: cause, function and position', () => {
    const error = errorOf(refusing(13, '6: (95) exit\nR0 is bad\nprocessed 3 insns (limit 1000000)'))
    expect(error).toBeInstanceOf(VerifierError)
    expect(error).toMatchObject({
      code: 'VERIFIER',
      errno: 'EACCES',
      reason: 'R0 is bad',
      instruction: 6,
      function: 'add',
      position: { wasmOffset: 96 },
      lines: ['6: (95) exit', 'R0 is bad'],
    })
    expect(String(error)).toContain('at instruction 6 of add (vm/a.ts:6, wasm offset 0x60): R0 is bad')
  })

  test('a long log is read whole', () => {
    const log = `${'1: (07) r1 += 1\n'.repeat(200_000)}R1 is bad\n`
    const system = refusing(22, log)
    expect(errorOf(system)).toMatchObject({ reason: 'R1 is bad', log })
    const sizes = system.calls.flatMap(({ command, attributes }) =>
      command === LOAD ? [new DataView(attributes.buffer).getUint32(28, true)] : [],
    )
    expect(sizes).toEqual([1 << 16, 1 << 20, 4 << 20])
  })

  test('of a program that has exhausted the verifier only the end of the log is read', () => {
    const log = `${'1: (07) r1 += 1\n'.repeat(200_000)}BPF program is too large. Processed 1000001 insn\n`
    const system: RecordedCalls = new RecordedCalls((command, attributes) => {
      if (command !== LOAD) return undefined
      const view = new DataView(attributes.buffer)
      const buffer = system.at(view.getBigUint64(32, true))
      // only the log of each step is too long, and of that the kernel keeps the end
      const isStatistics = view.getUint32(24, true) === 4
      new TextEncoder().encodeInto(isStatistics ? '' : log.slice(1 - buffer.length), buffer)
      return isStatistics ? -7 : -28
    })
    expect(errorOf(system)).toMatchObject({
      errno: 'E2BIG',
      reason: 'BPF program is too large. Processed 1000001 insn',
      instruction: 1,
    })
    expect(system.calls.filter(({ command }) => command === LOAD)).toHaveLength(2)
  })

  test.each([
    [1, NotPermitted, /XDP|lacks|forbids/],
    [38, NotAvailable, /this kernel has no bpf\(2\)/],
    [22, NotAvailable, /this kernel lacks programs of the type XDP \(EINVAL\)/],
    [12, Error, /there is not enough memory \(ENOMEM\)/],
    [7, Error, /it has 9 instructions, more than the kernel takes/],
    [24, Error, /too many open files \(EMFILE\)/],
    [99, Error, /the kernel answers EADDRNOTAVAIL/],
  ])('error %i without a log', (errno, type, message) => {
    const error = errorOf(refusing(errno))
    expect(error).toBeInstanceOf(type)
    expect(String(error)).toMatch(message)
    expect(error).toHaveProperty('hint')
  })

  test('a signal during verification', () => {
    let interrupted = 0
    const system = new RecordedCalls((command) => (command === LOAD && interrupted++ < 3 ? -11 : undefined))
    loadProgram(ADD, { type: 'SYSCALL', system }).close()
    expect(interrupted).toBe(4)
  })
})

describeInKernel('programs in the kernel', () => {
  test('run, with their context, and tell about themselves', () => {
    using program = loadProgram(ADD, { type: 'SYSCALL', name: 'add' })
    const context = new Uint8Array(BigUint64Array.of(40n, 2n).buffer)
    const { retval, contextOut } = program.run({ context })
    expect(retval).toBe(42)
    expect(new BigUint64Array(contextOut!.buffer, 0, 2)).toEqual(BigUint64Array.of(42n, 2n))
    const statistics = program.statistics()
    expect(statistics).toMatchObject({ verifiedInstructions: statistics.processed, stackDepths: [0, 0] })
    expect(statistics.processed).toBeGreaterThan(8)
    expect(statistics.jitedLength).toBeGreaterThan(0)
    expect(statistics.xlatedLength).toBeGreaterThanOrEqual(72)
    expect(program.id()).toBeGreaterThan(0)
  })

  test('run again and again without new buffers', () => {
    using program = loadProgram(ADD, { type: 'SYSCALL' })
    const runner = program.runner(16)
    const numbers = new BigUint64Array(runner.context.buffer, runner.context.byteOffset, 2)
    numbers[1] = 3n
    for (let i = 1; i <= 100; i++) expect(runner.run()).toBe(3 * i)
    program.close()
    expect(() => runner.run()).toThrow('Cannot use program main: it is closed')
  })

  test('run over a packet', () => {
    const text = 'r2 = *(u32 *)(r1 + 0)\nr1 = *(u32 *)(r1 + 4)\nr0 = 2\nexit'
    using program = loadProgram(assemble(text), { type: 'XDP', name: 'pass' })
    const data = Uint8Array.from({ length: 64 }, (_, i) => i)
    const { retval, dataOut } = program.run({ data, repeat: 3 })
    expect({ retval, dataOut }).toEqual({ retval: 2, dataOut: data })
    expect(() => program.runner(8)).toThrow('Cannot prepare runs of pass: it is of the type XDP')
  })

  test('with a context that is too large', () => {
    using program = loadProgram(ADD, { type: 'SYSCALL', name: 'add' })
    expect(() => program.runner(1 << 16)).toThrow('a context has at most 65535 bytes')
    expect(() => program.run({ data: new Uint8Array(64) })).toThrow(NotAvailable)
  })

  test.each([
    ['r0 = 0\nr0 = r3\nexit', 1, 'main', /R3 !read_ok/],
    ['r0 = *(u64 *)(r10 + 8)\nexit', 0, 'main', /invalid .*stack|invalid read from stack/],
    ['r0 = 0\nexit\nr0 = 1\nexit', 2, 'main', /unreachable insn 2/],
    ['static func main(ctx)\ncall function f\nexit\nglobal func f()\nr0 = r1\nexit', 2, 'f', /R1 !read_ok/],
  ])('are refused: %j', (text, instruction, name, reason) => {
    const source = { ...assemble(text), positionOf: (at: number) => ({ wasmOffset: at }) }
    let error: unknown
    try {
      loadProgram(source, { type: 'SYSCALL' }).close()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(VerifierError)
    expect(error).toMatchObject({ instruction, function: name, position: { wasmOffset: instruction } })
    expect((error as VerifierError).reason).toMatch(reason)
  })
})
