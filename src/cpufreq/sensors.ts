/**
 * Which sensor tells the temperature of a processor. Sensors of the processor itself come first, those of the whole
 * machine last: a core's own (hwmon `coretemp`), its package's, a thermal zone of processors, ACPI's zone.
 */
import type { Files } from './files.ts'
import { numberIn } from './linux-policy.ts'

const HWMON = 'sys/class/hwmon'
const ZONES = 'sys/class/thermal'
const TOPOLOGY = (cpu: number) => `sys/devices/system/cpu/cpu${cpu}/topology`

/** Temperatures outside are no temperatures, in degrees Celsius. */
const COLDEST = -50
const HOTTEST = 200

/** A file with thousandths of a degree Celsius, and the processors that it is for. */
interface Sensor {
  readonly path: string
  readonly rank: number
  readonly fits: (cpu: number) => boolean
}

/** Names of hwmon devices in processors that have one sensor for all cores. */
const PACKAGE_DEVICES = ['k10temp', 'zenpower', 'cpu_thermal', 'k8temp', 'fam15h_power', 'soc_thermal']

/** Types of thermal zones, best first; `%` stands for the number of a processor. */
const ZONE_TYPES = [
  /^cpu-?(\d+)-thermal$/,
  /^x86_pkg_temp$/,
  /^(cpu|cpuss|big|little|soc|cluster)[-_\d]*(thermal|temp)?/i,
  /^acpitz$/,
]

/** The sensors of a machine, found once; those that vanish or talk nonsense are passed over. */
export class Sensors {
  readonly #files: Files
  readonly #sensors: readonly Sensor[]
  readonly #byCpu = new Map<number, readonly Sensor[]>()

  constructor(files: Files) {
    this.#files = files
    const found = [...hwmonSensors(files), ...zoneSensors(files)]
    this.#sensors = found.sort((a, b) => a.rank - b.rank)
  }

  /** Degrees Celsius, rounded; undefined if no sensor says anything sensible. */
  temperature(cpu: number): number | undefined {
    for (const { path } of this.#sensorsOf(cpu)) {
      const value = numberIn(this.#files.read(path))
      if (value === undefined) continue
      const degrees = Math.round(value / 1000)
      if (degrees >= COLDEST && degrees <= HOTTEST) return degrees
    }
    return undefined
  }

  #sensorsOf(cpu: number): readonly Sensor[] {
    let sensors = this.#byCpu.get(cpu)
    if (sensors === undefined) {
      sensors = this.#sensors.filter(({ fits }) => fits(cpu))
      this.#byCpu.set(cpu, sensors)
    }
    return sensors
  }
}

function hwmonSensors(files: Files): Sensor[] {
  return files.list(HWMON).flatMap((device) => {
    const folder = `${HWMON}/${device}`
    const name = files.read(`${folder}/name`)?.trim() ?? ''
    if (name !== 'coretemp' && !PACKAGE_DEVICES.includes(name)) return []
    return files.list(folder).flatMap((file): Sensor[] => {
      if (!/^temp\d+_input$/.test(file)) return []
      const path = `${folder}/${file}`
      if (name !== 'coretemp') return [{ path, rank: 2, fits: () => true }]
      return coreSensor(files, folder, path)
    })
  })
}

/** A sensor of `coretemp`: a device for each package, with a label for each core and for the package. */
function coreSensor(files: Files, folder: string, path: string): Sensor[] {
  const label = files.read(path.replace('_input', '_label'))?.trim() ?? ''
  const [, unit, core] = /^(Core|Package id) (\d+)$/.exec(label) ?? []
  if (unit === undefined) return []
  const id = Number(core)
  const inPackage = packageOfDevice(files, folder)
  return [
    {
      path,
      rank: unit === 'Core' ? 0 : 1,
      fits: (cpu) => {
        const at = (file: string) => numberIn(files.read(`${TOPOLOGY(cpu)}/${file}`))
        const itsPackage = at('physical_package_id') ?? 0
        return unit === 'Core' ? at('core_id') === id && itsPackage === inPackage : itsPackage === id
      },
    },
  ]
}

/** The package whose label a device of `coretemp` has; 0 where there is none. */
function packageOfDevice(files: Files, folder: string): number {
  for (const file of files.list(folder)) {
    if (!/^temp\d+_label$/.test(file)) continue
    const [, id] = /^Package id (\d+)$/.exec(files.read(`${folder}/${file}`)?.trim() ?? '') ?? []
    if (id !== undefined) return Number(id)
  }
  return 0
}

function zoneSensors(files: Files): Sensor[] {
  return files.list(ZONES).flatMap((zone): Sensor[] => {
    if (!zone.startsWith('thermal_zone')) return []
    const type = files.read(`${ZONES}/${zone}/type`)?.trim() ?? ''
    const rank = ZONE_TYPES.findIndex((pattern) => pattern.test(type))
    if (rank < 0) return []
    const of = rank === 0 ? Number(ZONE_TYPES[0]!.exec(type)![1]) : undefined
    const fits = (cpu: number) => of === undefined || of === cpu
    return [{ path: `${ZONES}/${zone}/temp`, rank: 3 + rank, fits }]
  })
}
