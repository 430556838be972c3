/** docs/opcodes.md: the instruction set as a table. */
import { OPCODES } from '../../src/isa/opcodes.ts'

export function generateOpcodeDocs(): string {
  const escapeBars = (text: string): string => text.replaceAll('|', '\\|')
  const rows = OPCODES.map(
    (op, i) =>
      `| ${i} | ${op.name} | ${op.fields.join(' ')} | ${op.d === 'none' ? '' : op.d} | ${escapeBars(op.meaning)} |`,
  )
  return `# Instructions

Generated from src/isa/opcodes.ts; how they fit together is in [design/vm.md](design/vm.md).

| number | name | fields | D | meaning |
|---|---|---|---|---|
${rows.join('\n')}
`
}
