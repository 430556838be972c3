/**
 * Builds what is not TypeScript, after `tsc`: the VM's WebAssembly module and the chunks of the library
 * written in Lua, into dist/vm.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import asc from 'assemblyscript/asc'
import { compile } from '../src/lang/compile.ts'

/** The subset that can be translated to eBPF: no floats, no bulk memory, no growing, nothing imported but memory. */
const OPTIONS = [
  '--runtime',
  'stub',
  '-O3',
  '--noAssert',
  '--importMemory',
  '--memoryBase',
  '4096',
  '--disable',
  'bulk-memory',
  '--disable',
  'nontrapping-f2i',
  '--disable',
  'sign-extension',
]

mkdirSync('dist/vm', { recursive: true })
const { error, stderr } = await asc.main([
  'vm/assembly/enter.ts',
  '--outFile',
  'dist/vm/moonring.wasm',
  '--textFile',
  'dist/vm/moonring.wat',
  ...OPTIONS,
])
if (error) {
  process.stderr.write(`${stderr.toString()}\n`)
  process.exit(1)
}

const prelude: Record<string, string> = {}
const order = (name: string): string => (name === 'base.lua' ? '' : name)
for (const file of readdirSync('vm/lua').sort((a, b) => order(a).localeCompare(order(b)))) {
  const chunk = compile(readFileSync(`vm/lua/${file}`), { name: `=[${basename(file, '.lua')}]`, strip: true })
  prelude[basename(file, '.lua')] = Buffer.from(chunk).toString('base64')
}
writeFileSync('dist/vm/prelude.json', JSON.stringify(prelude))
