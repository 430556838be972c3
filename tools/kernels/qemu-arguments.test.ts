import { expect, test } from 'vitest'
import { type Machine, qemuArguments } from './qemu-arguments.ts'

const MACHINE: Machine = {
  image: '/k/vmlinuz',
  initramfs: '/k/initramfs',
  shared: '/k/sh,ared',
  console: '/k/console',
  memory: 1024,
  cpus: 2,
  processor: 'max',
  kernelArguments: [],
  extraArguments: [],
}

/** The values of an option. */
const valuesOf = (args: readonly string[], option: string): (string | undefined)[] =>
  args.flatMap((arg, i) => (arg === option ? [args[i + 1]] : []))

test("the host's files can't be written, the shared folder can", () => {
  const [root, shared] = valuesOf(qemuArguments(MACHINE), '-fsdev') as [string, string]
  expect(root).toMatch(/^local,id=host,path=\/,.*readonly=on/)
  expect(shared).toMatch(/^local,id=shared,path=\/k\/sh,,ared,/)
  expect(shared).not.toContain('readonly')
})

test('emulated, without devices that nobody asked for, and over when the guest is', () => {
  const args = qemuArguments(MACHINE)
  expect(valuesOf(args, '-accel')).toEqual(['tcg,thread=multi'])
  expect(args).toEqual(expect.arrayContaining(['-nodefaults', '-no-reboot']))
  expect(valuesOf(args, '-append')[0]).toContain('panic=-1')
  expect(valuesOf(args, '-m')).toEqual(['1024M'])
  expect(valuesOf(args, '-smp')).toEqual(['2'])
})

test('processor, kernel arguments and more arguments are passed on', () => {
  const args = qemuArguments({
    ...MACHINE,
    processor: 'max,vendor=GenuineIntel',
    kernelArguments: ['acpi.debug=1'],
    extraArguments: ['-acpitable', 'file=/t'],
  })
  expect(valuesOf(args, '-cpu')).toEqual(['max,vendor=GenuineIntel'])
  expect(valuesOf(args, '-append')[0]).toMatch(/ acpi\.debug=1$/)
  expect(args.slice(-2)).toEqual(['-acpitable', 'file=/t'])
})
