/** The command line of QEMU for a guest. Pure. */
import { TAGS } from './guest-scripts.ts'

export interface Machine {
  /** Paths of the kernel and its first file system. */
  readonly image: string
  readonly initramfs: string
  /** Folder that the guest may write to. */
  readonly shared: string
  /** File that gets what the guest's kernel prints. */
  readonly console: string
  /** In MiB. */
  readonly memory: number
  readonly cpus: number
  /** QEMU's name of a processor, with its features. */
  readonly processor: string
  readonly kernelArguments: readonly string[]
  readonly extraArguments: readonly string[]
}

/** A guest whose kernel fails ends at once, and so does QEMU: there is no one to look at it. */
const KERNEL_ARGUMENTS = ['console=ttyS0', 'panic=-1', 'oops=panic']

/** Values of QEMU's options end at a comma, two of them stand for one. */
const value = (text: string): string => text.replaceAll(',', ',,')

const fileSystem = (id: string, path: string, options: string): string[] => [
  '-fsdev',
  `local,id=${id},path=${value(path)},security_model=none,${options}`,
  '-device',
  `virtio-9p-pci,fsdev=${id},mount_tag=${id}`,
]

export function qemuArguments(machine: Machine): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', machine.processor],
    ...['-smp', String(machine.cpus), '-m', `${machine.memory}M`],
    ...['-kernel', machine.image, '-initrd', machine.initramfs],
    ...['-append', [...KERNEL_ARGUMENTS, ...machine.kernelArguments].join(' ')],
    ...['-serial', `file:${machine.console}`],
    ...fileSystem(TAGS.root, '/', 'readonly=on,multidevs=remap'),
    ...fileSystem(TAGS.shared, machine.shared, 'multidevs=remap'),
    ...machine.extraArguments,
  ]
}
