import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpecFileError } from './errors.ts'
import type { ProgramSpec, SourcePosition } from './program-spec.ts'
import { readSpec, writeSpec } from './spec-file.ts'

const SLOTS = 40
const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/)
const slot = fc.nat(SLOTS - 1)

const position: fc.Arbitrary<SourcePosition> = fc.record(
  {
    wasmOffset: fc.nat(0x7fff_ffff),
    file: fc.constantFrom('a.ts', 'b.ts', 'ü.ts'),
    line: fc.integer({ min: 1, max: 1e6 }),
  },
  { requiredKeys: ['wasmOffset'] },
)

const reference = fc.oneof(
  fc.record({ kind: fc.constantFrom('map', 'kfunc', 'function'), at: slot, name }),
  fc.record({ kind: fc.constant('map-value'), at: slot, name, offset: fc.integer({ min: -9, max: 999 }) }),
)

const anySpec = fc
  .record({
    instructions: fc.uint8Array({ minLength: 8 * SLOTS, maxLength: 8 * SLOTS }),
    functions: fc.array(
      fc.record({ name, start: slot, parameters: fc.nat(5), linkage: fc.constantFrom('global', 'static') }),
    ),
    references: fc.array(reference),
    positions: fc.option(
      fc.array(fc.option(position, { nil: undefined }), { minLength: SLOTS, maxLength: SLOTS }),
      { nil: undefined },
    ),
  })
  .map(({ positions, functions, references, instructions }) => ({
    spec: {
      instructions,
      functions: functions.toSorted((a, b) => a.start - b.start),
      references: references.toSorted((a, b) => a.at - b.at),
      ...(positions === undefined ? {} : { positionOf: (i: number) => positions[i] }),
    } as ProgramSpec,
    positions,
  }))

describe('spec files', () => {
  it('give back what was written', () => {
    fc.assert(
      fc.property(anySpec, ({ spec, positions }) => {
        const file = writeSpec(spec)
        const { positionOf, ...rest } = readSpec(file)
        const { positionOf: _, ...expected } = spec
        expect(rest).toEqual(expected)
        expect(positionOf && Array.from({ length: SLOTS }, (__, i) => positionOf(i))).toEqual(positions)
        expect(writeSpec(readSpec(file))).toEqual(file)
      }),
    )
  })

  it('are refused when cut off or damaged', () => {
    fc.assert(
      fc.property(
        anySpec,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ({ spec }, share) => {
          const file = writeSpec(spec)
          expect(() => readSpec(file.subarray(0, Math.floor(share * file.length)))).toThrow(SpecFileError)
        },
      ),
    )
    const file = writeSpec({ instructions: new Uint8Array(8), functions: [], references: [] })
    expect(() => readSpec(Uint8Array.from(file, (byte, i) => (i === 8 ? 9 : byte)))).toThrow(
      /version 9, not 1/,
    )
    expect(() => readSpec(new Uint8Array(100))).toThrow(/it is none/)
  })

  it('never fail in another way on damaged bytes', () => {
    fc.assert(
      fc.property(anySpec, fc.nat(), fc.nat(255), ({ spec }, at, byte) => {
        const file = writeSpec(spec)
        file[at % file.length] = byte
        try {
          readSpec(file).positionOf?.(0)
        } catch (error) {
          expect(error).toBeInstanceOf(SpecFileError)
        }
      }),
    )
  })

  it('decode positions only when asked', () => {
    const spec = {
      instructions: new Uint8Array(8),
      functions: [],
      references: [],
      positionOf: () => ({ wasmOffset: 7 }),
    }
    const file = writeSpec(spec)
    file[file.length - 1] = 0xff
    const { positionOf } = readSpec(file)
    expect(() => positionOf?.(0)).toThrow(/positions are damaged/)
  })
})
