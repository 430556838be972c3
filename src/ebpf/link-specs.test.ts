import { describe, expect, it } from 'vitest'
import { assemble } from './assemble.ts'
import { disassembleProgram } from './disassemble-program.ts'
import { linkSpecs } from './link-specs.ts'

const MAIN = `static func main(r1)
  r1 = map arena ll
  call function enter
  exit
static func helper()
  exit`
const LIBRARY = `global func enter(r1)
  r2 = value counters+4 ll
  call function leaf
  exit
global func leaf()
  r0 = 7
  exit`

describe('linkSpecs', () => {
  it('resolves calls and moves references and positions', () => {
    const library = {
      ...assemble(LIBRARY),
      positionOf: (at: number) => (at === 5 ? { wasmOffset: 99 } : undefined),
    }
    const linked = linkSpecs(assemble(MAIN), library)
    expect(disassembleProgram(linked)).toBe(`static func main(r1)
     0: r1 = map arena ll
     2: call function enter
     3: exit

static func helper()
     4: exit

global func enter(r1)
     5: r2 = value counters+4 ll
     7: call function leaf
     8: exit

global func leaf()
     9: r0 = 7
    10: exit                                     ; wasm 0x63
`)
    expect(linked.references.map(({ at }) => at)).toEqual([0, 5])
    expect(linked.positionOf?.(5)).toBeUndefined()
  })

  it('refuses functions that are missing or defined twice', () => {
    expect(() => linkSpecs(assemble(MAIN))).toThrow(
      /Cannot link: function enter, which main calls, is not defined/,
    )
    const twice = [assemble(LIBRARY), assemble('func leaf()\nexit')] as const
    expect(() => linkSpecs(assemble(MAIN), ...twice)).toThrow(/function leaf is defined twice/)
  })
})
