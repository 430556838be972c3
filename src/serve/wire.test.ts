import { expect, test } from 'vitest'
import { KernelError, NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { check } from '../lang/compile.ts'
import { CompileError } from '../lang/diagnostics.ts'
import { LuaError, OutOfFuel, OutOfMemory, StateError } from '../state/errors.ts'
import { LuaReference, type LuaValue } from '../state/memory.ts'
import { Lines } from './lines.ts'
import { fromWire, toWire } from './wire-bytes.ts'
import { errorFromWire, errorToWire } from './wire-error.ts'
import { fromWireValue, toWireValue } from './wire-value.ts'

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

test('lines come whole, however the stream is cut', () => {
  for (const cut of [1, 2, 3, 100]) {
    const lines = new Lines(8)
    const bytes = Buffer.from('one\n\ntwö\nrest')
    const found: string[] = []
    for (let from = 0; from < bytes.length; from += cut)
      found.push(...lines.push(bytes.subarray(from, from + cut)))
    expect(found).toEqual(['one', '', 'twö'])
  }
  const lines = new Lines(8)
  expect(lines.push(Buffer.from('12345678\n1234567'))).toEqual(['12345678'])
  lines.push(Buffer.from('8'))
  expect(() => lines.push(Buffer.from('9'))).toThrow(RangeError)
})

test('bytes are text where they can be', () => {
  expect(toWire(Buffer.from('twö\ufeff'))).toBe('twö\ufeff')
  for (const bytes of [Buffer.from('\ufefftwö'), Buffer.from([0xff, 0, 10]), Buffer.alloc(0)])
    expect(fromWire(throughJson(toWire(bytes)))).toEqual(bytes)
})

test('values keep their kinds', () => {
  const values: LuaValue[] = [
    null,
    true,
    -5,
    2n ** 62n,
    'text',
    new Uint8Array([255, 1]),
    [1, ['x']],
    new Map<LuaValue, LuaValue>([
      ['a', 1],
      [7, new Map([['b', false]])],
    ]),
    new LuaReference('function'),
  ]
  for (const value of values) expect(fromWireValue(throughJson(toWireValue(value)))).toEqual(value)
  const loop: LuaValue[] = []
  loop.push(loop)
  expect(JSON.stringify(toWireValue(loop))).toContain('{"reference":"table"}')
})

test('errors arrive as what they were', () => {
  const diagnostics = check('x = = 1', { name: '@x.lua' })
  const errors: readonly Error[] = [
    new CompileError('@x.lua', diagnostics),
    new LuaError('x.lua:1: no', new Map([['code', 5]]), 'stack traceback:'),
    new OutOfFuel('out of fuel', 'out of fuel', ''),
    new OutOfMemory('not enough memory', 'not enough memory', 't'),
    new StateError('EXISTS', 'Cannot: there is one', 'destroy it'),
    new StateError('BUSY', 'Cannot: busy'),
    new NotPermitted('Cannot: no', 'sudo', 'EPERM'),
    new NotAvailable('Cannot: none', 'buy one'),
    new KernelError('KERNEL', 'Cannot: it is full', 'empty it', 'ENOSPC'),
  ]
  for (const error of errors) {
    const arrived = errorFromWire(throughJson(errorToWire(error)))
    expect(arrived.constructor).toBe(error.constructor)
    expect({ ...arrived }).toEqual({ ...error })
    expect([arrived.name, arrived.message]).toEqual([error.name, error.message])
  }
  const fault = errorFromWire(throughJson(errorToWire(new TypeError('x is undefined'))))
  expect([fault.constructor, fault.message]).toEqual([Error, 'TypeError: x is undefined'])
})
