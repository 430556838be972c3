import { expect, test } from 'vitest'
import { LinuxMachine } from './linux-machine.ts'
import { SysfsTree } from './sysfs-tree.fixture.ts'

/** A machine with these files besides, or instead of those that the tree has. */
function withFiles(files: Record<string, string>): { tree: SysfsTree; machine: LinuxMachine } {
  const tree = new SysfsTree([[0], [1], [2], [3]])
  for (const [path, text] of Object.entries(files)) tree.files.set(path, `${text}\n`)
  return { tree, machine: new LinuxMachine(tree) }
}

const all = ({ machine }: { machine: LinuxMachine }) => [0, 1, 2, 3].map((cpu) => machine.temperature(cpu))

/** Two packages with two cores each, a device of coretemp for either. */
const CORES = Object.fromEntries(
  [0, 1].flatMap((unit) => {
    const device = `sys/class/hwmon/hwmon${unit + 1}`
    return [
      [`${device}/name`, 'coretemp'],
      [`${device}/temp1_label`, `Package id ${unit}`],
      [`${device}/temp1_input`, `${70 + unit}000`],
      ...[0, 1].flatMap((core) => [
        [`${device}/temp${core + 2}_label`, `Core ${core}`],
        [`${device}/temp${core + 2}_input`, `${50 + 2 * unit + core}000`],
        [`sys/devices/system/cpu/cpu${2 * unit + core}/topology/core_id`, String(core)],
        [`sys/devices/system/cpu/cpu${2 * unit + core}/topology/physical_package_id`, String(unit)],
      ]),
    ]
  }),
)

test('the sensor of a core comes before that of its package, and that before the machine', () => {
  const here = withFiles(CORES)
  expect(all(here)).toEqual([50, 51, 52, 53])
  here.tree.files.delete('sys/class/hwmon/hwmon2/temp3_input')
  expect(all(here)).toEqual([50, 51, 52, 71])
  for (const path of [...here.tree.files.keys()]) if (/hwmon.*input/.test(path)) here.tree.files.delete(path)
  expect(all(here)).toEqual([40, 40, 40, 40])
})

test('one sensor for the whole processor', () => {
  const device = 'sys/class/hwmon/hwmon0'
  expect(all(withFiles({ [`${device}/name`]: 'k10temp', [`${device}/temp1_input`]: '61499' }))).toEqual([
    61, 61, 61, 61,
  ])
})

test('thermal zones of single processors', () => {
  const zones = [0, 1].flatMap((n) => [
    [`sys/class/thermal/thermal_zone${n + 1}/type`, `cpu${n}-thermal`],
    [`sys/class/thermal/thermal_zone${n + 1}/temp`, `${33 + n}000`],
  ])
  expect(all(withFiles(Object.fromEntries(zones)))).toEqual([33, 34, 40, 40])
})

test.each(['nonsense', '', '-274000', '900000', '99999999999999999999'])('%j is no temperature', (text) => {
  expect(all(withFiles({ 'sys/class/thermal/thermal_zone0/temp': text }))).toEqual(Array(4).fill(undefined))
})

test('sensors of disks and network cards are none of processors', () => {
  const device = 'sys/class/hwmon/hwmon0'
  expect(all(withFiles({ [`${device}/name`]: 'nvme', [`${device}/temp1_input`]: '20000' }))).toEqual(
    Array(4).fill(40),
  )
})
