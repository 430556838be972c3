/**
 * All libraries that scripts can have, with every function, value, type and callback: what the definitions for
 * editors (lua/library), docs/libraries.md and `moonring check` know of them. To add a library, describe it in a file
 * of this folder and name it here; `npm run generate` does the rest, and a test fails for what isn't described.
 */
import type { LibraryEntry } from './entry.ts'
import { ACPI, CPU, CPUFREQ, CTL, DATA, LINUX } from './kernel.ts'
import { BASE, COROUTINE, DEBUG, PACKAGE } from './language.ts'
import { PACKET } from './packet.ts'
import { MATH, STRING, TABLE, UTF8 } from './values.ts'

export type { ClassEntry, FunctionEntry, LibraryEntry, ValueEntry } from './entry.ts'

/** The basic functions, which have no library's name before theirs. */
export const BASIC = 'base'

/** Libraries by name. Those after `package` are there only for scripts of the subsystem that they belong to, but for modules. */
export const REFERENCE: Readonly<Record<string, LibraryEntry>> = {
  [BASIC]: BASE,
  coroutine: COROUTINE,
  string: STRING,
  table: TABLE,
  math: MATH,
  utf8: UTF8,
  data: DATA,
  debug: DEBUG,
  package: PACKAGE,
  linux: LINUX,
  ctl: CTL,
  cpufreq: CPUFREQ,
  acpi: ACPI,
  cpu: CPU,
  packet: PACKET,
}
