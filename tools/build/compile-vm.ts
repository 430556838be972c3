/** Compiles the VM from AssemblyScript to WebAssembly. */
import asc from 'assemblyscript/asc'

/** The subset that can be translated to eBPF: no floats, no bulk memory, no growing, nothing imported but memory. */
const OPTIONS = [
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--memoryBase',
  '4096',
  '--disable',
  'bulk-memory',
  '--disable',
  'nontrapping-f2i',
]

/** Writes the module to a file; ends the process with the compiler's messages when there is a mistake in the VM. */
export async function compileVm(outFile: string, options: readonly string[]): Promise<void> {
  const args = ['vm/assembly/enter.ts', '--outFile', outFile, ...options, ...OPTIONS]
  const { error, stderr } = await asc.main(args)
  if (!error) return
  process.stderr.write(`${stderr.toString()}\n`)
  process.exit(1)
}
