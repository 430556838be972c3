/** Parts of which the main programs of hooks are made. */
import type { Btf, MemberPosition } from '../kernel/btf.ts'
import { NotAvailable } from '../kernel/errors.ts'

/** A call of the VM: the command, and what lies in r2 and r3. */
export function enter(command: number, a = 'r2 = 0', b = 'r3 = 0'): string {
  return `
  ${a}
  ${b}
  r1 = ${command}
  r4 = 0
  r5 = 0
  call function enter`
}

/** `register` becomes a pointer to an address of the arena. */
export function pointTo(register: string, address: number): string {
  return `
  ${register} = ${address}
  ${register} = addr_space_cast(${register}, 0, 1)`
}

const LOADS: Readonly<Record<number, string>> = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' }

/** Where a field of a struct of the kernel lies, and of how many bytes it is. @throws NotAvailable */
export function fieldOf(
  struct: string,
  field: string,
  btf: Btf,
): MemberPosition & { readonly bytes: number } {
  const member = btf.findMember(struct, field)
  if (member !== undefined) return { ...member, bytes: btf.sizeOrType(btf.resolve(member.type)) }
  throw new NotAvailable(
    `Cannot make the program of a hook: this kernel's ${struct} has no field ${field}`,
    'run another kernel',
  )
}

/** Loads a field of the struct to which `pointer` points. */
export function loadField(
  register: string,
  pointer: string,
  struct: string,
  field: string,
  btf: Btf,
): string {
  const { offset, bytes } = fieldOf(struct, field, btf)
  return `
  ${register} = *(${LOADS[bytes] ?? 'u64'} *)(${pointer} +${offset})`
}
