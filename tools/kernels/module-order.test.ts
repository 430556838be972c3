import { expect, test } from 'vitest'
import { loadOrder } from './module-order.ts'

const DEPENDENCIES = `kernel/net/9p/9pnet.ko.xz: kernel/fs/netfs/netfs.ko.xz
kernel/fs/netfs/netfs.ko.xz:
kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/fs/netfs/netfs.ko.xz
kernel/fs/9p/9p.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/fs/netfs/netfs.ko.xz
kernel/drivers/cpufreq/acpi-cpufreq.ko.xz:
`
const BUILTIN = 'kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/virtio/virtio.ko\n'
const orderOf = (...names: string[]): string[] =>
  loadOrder(names, DEPENDENCIES, BUILTIN).map((path) => path.split('/').at(-1) as string)

test('what a module needs comes before it, once', () => {
  expect(orderOf('9pnet_virtio', '9p')).toEqual([
    'netfs.ko.xz',
    '9pnet.ko.xz',
    '9pnet_virtio.ko.xz',
    '9p.ko.xz',
  ])
})

test('- and _ are the same in names', () => {
  expect(orderOf('acpi_cpufreq')).toEqual(['acpi-cpufreq.ko.xz'])
  expect(orderOf('9pnet-virtio')).toHaveLength(3)
})

test('what is built in is left out', () => {
  expect(orderOf('virtio_pci')).toEqual([])
})

test('a module that the kernel lacks is named', () => {
  expect(() => orderOf('9p', 'nonesuch')).toThrow('Cannot load nonesuch: the kernel has no such module')
})
