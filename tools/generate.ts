/**
 * Writes everything that follows from the tables in src/isa: the VM's constants and dispatcher
 * (vm/generated), docs/opcodes.md, and of the libraries docs/libraries.md and definitions for editors; and the figures of documents. `--check` writes nothing and fails when a file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generateBuiltins } from './generate/builtins.ts'
import { generateDispatch } from './generate/dispatch.ts'
import { documentsWithFigures } from './generate/figures.ts'
import { generateLayout } from './generate/layout.ts'
import { generateLibraryDocs } from './generate/library-docs.ts'
import { luaDefinitions } from './generate/lua-definitions.ts'
import { generateOpcodeDocs } from './generate/opcode-docs.ts'

const outputs: Record<string, () => string> = {
  'vm/generated/layout.ts': generateLayout,
  'vm/generated/dispatch.ts': generateDispatch,
  'vm/generated/builtins.ts': generateBuiltins,
  'docs/opcodes.md': generateOpcodeDocs,
  'docs/libraries.md': generateLibraryDocs,
  ...luaDefinitions(),
  ...documentsWithFigures(),
}

const check = process.argv.includes('--check')
let stale = 0
for (const [path, generate] of Object.entries(outputs)) {
  const text = generate()
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (before === text) continue
  if (check) {
    process.stderr.write(`${path} differs from its source table: run npm run generate\n`)
    stale++
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    process.stderr.write(`wrote ${path}\n`)
  }
}
process.exitCode = stale > 0 ? 1 : 0
