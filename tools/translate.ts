/**
 * Translates a WebAssembly module to eBPF and prints what came of it: `node dist/tools/translate.js [FILE.wasm]`,
 * by default the VM. `--dump=PASS` prints the functions after a pass (ssa, simplify, expand, prepare, edges,
 * allocate) or the program (ebpf); `--function=NAME` only that function.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { disassembleProgram } from '../src/ebpf/disassemble-program.ts'
import { PASSES, type Pass, TranslateError, translate } from '../src/translate/translate.ts'
import { KERNEL_WASM, vmOptions } from './build/kernel-vm.ts'

const { values, positionals } = parseArgs({
  options: { dump: { type: 'string' }, function: { type: 'string' } },
  allowPositionals: true,
})
const [file = KERNEL_WASM] = positionals
const { dump, function: only } = values

const isWanted = (text: string): boolean => only === undefined || text.startsWith(`${only}(`)

if (dump !== undefined && dump !== 'ebpf' && !PASSES.includes(dump as Pass)) {
  process.stderr.write(
    `Cannot dump after '${dump}': there is no such pass; write one of ${PASSES.join(', ')}, ebpf\n`,
  )
  process.exit(2)
}
try {
  const { spec, report } = translate(readFileSync(file), {
    ...(file === KERNEL_WASM ? vmOptions() : {}),
    ...(PASSES.includes(dump as Pass)
      ? {
          dump: {
            pass: dump as Pass,
            write: (text: string) => isWanted(text) && process.stdout.write(`${text}\n`),
          },
        }
      : {}),
  })
  if (dump === 'ebpf') process.stdout.write(disassembleProgram(spec))
  const { functions, instructions, depth, stack, frames } = report
  process.stderr.write(
    `${functions} functions, ${instructions} instructions, ${depth} deep, ${stack} bytes of stack, ${frames} of frames\n`,
  )
} catch (error) {
  if (!(error instanceof TranslateError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
