/** `moonring record load`: the loads of this machine's processors, as a trace for `moonring simulate`. */

import { FolderFiles } from '../cpufreq/files.ts'
import { LinuxMachine } from '../cpufreq/linux-machine.ts'
import { formatLoadTrace } from '../cpufreq/load-trace.ts'
import { systemClock } from '../cpufreq/periods.ts'
import { LoadRecorder } from '../cpufreq/record-load.ts'
import { TraceError } from '../cpufreq/trace-error.ts'
import { writeFile } from '../host/write-file.ts'
import { CommandError, EXIT, type ExitCode } from './command-error.ts'
import { milliseconds } from './govern.ts'
import { standardError, standardOutput } from './output.ts'

export interface RecordCommandOptions {
  readonly period: string
  readonly duration?: string
  readonly output?: string
}

/**
 * Records until the time is up or Ctrl-C.
 * @throws CommandError where there is no /proc/stat or a time is none, TraceError if the file can't be written
 */
export async function recordLoad(options: RecordCommandOptions): Promise<ExitCode> {
  const period = milliseconds('--period', options.period)!
  const duration = milliseconds('--duration', options.duration)
  const machine = new LinuxMachine(new FolderFiles())
  if (machine.online().length === 0)
    throw new CommandError(
      'M022',
      'Cannot record loads: /proc/stat names no processor',
      'record on Linux, with /proc mounted',
      EXIT.missing,
    )
  standardError.write(`recording every ${period} ms; Ctrl-C ends it\n`)
  standardError.flush()
  const recorder = new LoadRecorder(machine, period, systemClock)
  await untilEnd(duration)
  const rows = recorder.stop()
  const remarks = [`Loads of ${machine.online().length} processors, every ${period} ms, from /proc/stat.`]
  write(formatLoadTrace(remarks, recorder.cpus.length, rows), options.output)
  return EXIT.fine
}

function untilEnd(duration: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = duration === undefined ? undefined : setTimeout(() => done(), duration)
    // without a timer of its own a process with nothing to do would end
    const alive = setInterval(() => {}, 1 << 30)
    const done = () => {
      clearTimeout(timer)
      clearInterval(alive)
      process.off('SIGINT', done)
      process.off('SIGTERM', done)
      resolve()
    }
    process.on('SIGINT', done)
    process.on('SIGTERM', done)
  })
}

function write(text: string, path: string | undefined): void {
  if (path === undefined) {
    standardOutput.exact(text)
    standardOutput.flush()
    return
  }
  const failure = writeFile(path, [Buffer.from(text)])
  if (failure !== undefined)
    throw new TraceError('F001', `Cannot write ${path}: ${failure.reason}`, failure.remedy)
}
