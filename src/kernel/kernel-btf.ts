/** The running kernel's BTF, read once in a process: ids of kfuncs, offsets of members, values of enums. */
import { readFileSync } from 'node:fs'
import { Btf, BtfFormatError } from './btf.ts'
import { NotAvailable } from './errors.ts'

const PATH = '/sys/kernel/btf/vmlinux'

let loaded: Btf | undefined

/** @throws NotAvailable where the kernel gives none. */
export function kernelBtf(): Btf {
  loaded ??= readBtf(PATH)
  return loaded
}

/** @throws NotAvailable */
export function readBtf(path: string): Btf {
  const hint = 'run a kernel with CONFIG_DEBUG_INFO_BTF=y and sysfs mounted, as distributions have it'
  try {
    return new Btf(readFileSync(path))
  } catch (error) {
    const known = error instanceof BtfFormatError || (error instanceof Error && 'code' in error)
    if (!known) throw error
    throw new NotAvailable(`Cannot read the kernel's types: ${error.message}`, hint)
  }
}

/**
 * The BTF id of a function that programs may call.
 * @throws NotAvailable
 */
export function kfuncId(name: string, btf: Btf = kernelBtf()): number {
  const id = btf.findFunction(name)
  if (id !== undefined) return id
  throw new NotAvailable(`Cannot call ${name}: this kernel has no such kfunc`, 'run Linux 6.12 or newer')
}
