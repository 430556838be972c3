/** vm/generated/builtins.ts: numbers of the library functions and the switch that calls them. */
import { BUILTINS } from '../../src/isa/library.ts'

const constantOf = (handler: string): string =>
  `BUILTIN_${handler.replace(/([a-z0-9])([A-Z])/, '$1_$2').toUpperCase()}`

export function generateBuiltins(): string {
  const modules = [...new Set(BUILTINS.map((b) => b.module))]
  const imports = modules.map((module) => {
    const names = BUILTINS.filter((b) => b.module === module).map((b) => b.handler)
    return `import { ${names.join(', ')} } from '../assembly/lib/${module}'`
  })
  return `// Generated from src/isa/library.ts by tools/generate.ts. Do not edit.
${imports.join('\n')}

${BUILTINS.map((b, i) => `export const ${constantOf(b.handler)}: i32 = ${i}`).join('\n')}
export const BUILTIN_COUNT: i32 = ${BUILTINS.length}

/** Calls library function \`id\`; see vm/assembly/arguments.ts for the protocol. */
export function callBuiltin(id: i32, args: usize, count: i32): i32 {
  switch (id) {
${BUILTINS.map((b, i) => `    case ${i}:\n      return ${b.handler}(args, count)`).join('\n')}
    default:
      unreachable()
  }
  return 0
}
`
}
