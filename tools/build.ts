/**
 * Builds what is not TypeScript, after `tsc`: the VM's WebAssembly module for user space, the same VM as an eBPF
 * program for the kernel, and the chunks of the library written in Lua, into dist/vm.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { compile } from '../src/lang/compile.ts'
import { compileVm } from './build/compile-vm.ts'
import { buildKernelVm } from './build/kernel-vm.ts'

mkdirSync('dist/vm', { recursive: true })
await compileVm('dist/vm/moonring.wasm', [
  '-O3',
  '--disable',
  'sign-extension',
  '--textFile',
  'dist/vm/moonring.wat',
])
await buildKernelVm()

const prelude: Record<string, string> = {}
const order = (name: string): string => (name === 'base.lua' ? '' : name)
for (const file of readdirSync('vm/lua').sort((a, b) => order(a).localeCompare(order(b)))) {
  const chunk = compile(readFileSync(`vm/lua/${file}`), { name: `=[${basename(file, '.lua')}]`, strip: true })
  prelude[basename(file, '.lua')] = Buffer.from(chunk).toString('base64')
}
writeFileSync('dist/vm/prelude.json', JSON.stringify(prelude))
