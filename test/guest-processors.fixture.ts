/**
 * The ACPI table that gives a guest of QEMU's machine q35 what it lacks: a cpufreq policy for each processor, with the
 * driver acpi-cpufreq, and a thermal zone. Their registers are page registers of the DMA controller, which hold a byte
 * each and which nothing in such a guest uses; the guest sets the temperature by writing one of them.
 */
import {
  type Aml,
  add,
  integer,
  method,
  multiply,
  name,
  packageOf,
  path,
  portField,
  portRegister,
  returned,
  scope,
  thermalZone,
} from './aml.fixture.ts'

/** Frequencies of the guest's processors in MHz, highest first, with the power of each in mW. */
const STATES = [
  { frequency: 3000, power: 30_000 },
  { frequency: 2400, power: 21_000 },
  { frequency: 1800, power: 14_000 },
  { frequency: 1200, power: 8000 },
  { frequency: 800, power: 5000 },
] as const

/** Time that a change of frequency takes, in microseconds. */
const LATENCY = 50

/** Ports: of the frequency of each processor, and of the temperature in degrees Celsius. */
const FREQUENCY_PORTS = [0x81, 0x82] as const
export const TEMPERATURE_PORT = 0x87

/** Temperature at which the guest would switch itself off, in degrees Celsius. */
const CRITICAL = 150

/** Tenths of a kelvin, which ACPI counts in, at 0 degrees Celsius. */
const ZERO = 2732

/** _PSS: frequency, power, latency, latency of the bus, control and status of each state. */
const states = (): Aml =>
  packageOf(
    STATES.map(({ frequency, power }, i) =>
      packageOf([frequency, power, LATENCY, LATENCY, i, i].map((value) => integer(value))),
    ),
  )

/** The frequency of one processor. */
const processor = (index: number, port: number): Aml =>
  scope(`\\_SB_.CPUS.C00${index}`, [
    name('_PCT', packageOf([portRegister(port), portRegister(port)])),
    name('_PSS', states()),
    name('_PPC', integer(0)),
  ])

/** The body of the table, without its header, for `-acpitable sig=SSDT,data=…`. */
export function processorTable(): Uint8Array {
  const zone = thermalZone('TZ00', [
    portField('PORT', TEMPERATURE_PORT, 'DEGC'),
    method('_TMP', [returned(add(multiply(path('DEGC'), integer(10)), integer(ZERO)))]),
    name('_CRT', integer(ZERO + 10 * CRITICAL)),
    name('_TZP', integer(10)),
  ])
  const processors = FREQUENCY_PORTS.map((port, index) => processor(index, port))
  return Uint8Array.from([...processors.flat(), ...scope('\\_TZ_', [zone])])
}
