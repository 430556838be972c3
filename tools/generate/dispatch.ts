/** vm/generated/dispatch.ts: the VM's loop, one case per opcode, from the opcode table. */
import { OPCODES, type Opcode } from '../../src/isa/opcodes.ts'

/** `GETTABUP` → `opGettabup`, the name of the handler in vm/assembly/ops/<family>.ts. */
const handlerOf = (op: Opcode): string => `op${op.name[0]}${op.name.slice(1).toLowerCase()}`

function caseOf(op: Opcode): string[] {
  if (op.name === 'STOP')
    return ['      case OP_STOP:', '        store<i64>(G_FUEL, fuel + 1)', '        return']
  return [
    `      case OP_${op.name}:`,
    ...(op.charges ? ['        store<i64>(G_FUEL, fuel)'] : []),
    `        pc = ${handlerOf(op)}(pc, base)`,
    ...(op.reframes ? ['        base = load<u32>(G_BASE)'] : []),
    ...(op.charges ? ['        fuel = load<i64>(G_FUEL)'] : []),
    '        continue',
  ]
}

export function generateDispatch(): string {
  const families = [...new Set(OPCODES.map((o) => o.family))]
  const imports = families.map((family) => {
    const names = OPCODES.filter((o) => o.family === family && o.name !== 'STOP').map(handlerOf)
    return `import { ${names.join(', ')} } from '../assembly/ops/${family}'`
  })
  return `// Generated from src/isa/opcodes.ts by tools/generate.ts. Do not edit.
import { G_AT, G_BASE, G_FUEL, ${OPCODES.map((o) => `OP_${o.name}`).join(', ')} } from './layout'
import { fuelSpent } from '../assembly/frames'
${imports.join('\n')}

/**
 * Executes instructions from G_AT on until one of them is STOP or the fuel of the slice is spent. Every
 * instruction costs one unit; handlers return the next instruction's address.
 */
export function run(): void {
  let pc: usize = load<u32>(G_AT)
  let base: usize = load<u32>(G_BASE)
  let fuel: i64 = load<i64>(G_FUEL)
  while (true) {
    if (--fuel < 0) {
      store<i64>(G_FUEL, fuel + 1)
      pc = fuelSpent(pc)
      if (!pc) return
      base = load<u32>(G_BASE)
      fuel = load<i64>(G_FUEL)
    }
    switch (i32(load<u8>(pc))) {
${OPCODES.flatMap(caseOf).join('\n')}
      default:
        unreachable()
    }
  }
}
`
}
