/** Commands about the frequency of processors: options and help texts. */

import { Argument, type Command } from 'commander'
import { ALLOW, type Done, MEMORY } from './common-options.ts'
import type { GovernCommandOptions } from './govern.ts'
import type { RecordCommandOptions } from './record.ts'
import type { SimulateCommandOptions } from './simulate.ts'

/** Adds `govern`, `simulate` and `record`. */
export function addFrequencyCommands(program: Command, done: Done): void {
  addGovern(program, done)
  addSimulate(program, done)
  addRecord(program, done)
}

function addGovern(program: Command, done: Done): void {
  program
    .command('govern')
    .summary('let a script decide the frequency of processors')
    .description("Lets a script decide the frequency of this machine's processors, until a signal ends it.")
    .usage('[OPTION…] FILE')
    .argument('<FILE>', 'the script, which defines throttle(cpu, cur, max, min); - is standard input')
    .option('--period <MS>', 'milliseconds between calls (default: 200 transition latencies, at least 10)')
    .option('--duration <MS>', 'end after so many milliseconds (default: at a signal)')
    .option('--call <NAME>', 'function to call for each policy', 'throttle')
    .option('--json', 'print the figures at the end as one JSON document')
    .option('--fuel <N>', 'instructions that a call may execute (default: 100000)')
    .option(...MEMORY)
    .option(...ALLOW)
    .addHelpText('after', GOVERN_HELP)
    .action(async (file: string, options: GovernCommandOptions) => {
      done(await (await import('./govern.ts')).govern(file, options))
    })
}

function addSimulate(program: Command, done: Done): void {
  program
    .command('simulate')
    .summary('try governors on a model of a machine')
    .description(
      'Runs governors over a trace of loads on a model of a machine, and compares what they come to.',
    )
    .usage('[OPTION…] cpufreq FILE… --trace LOAD')
    .addArgument(new Argument('<HOOK>', 'what is simulated').choices(['cpufreq']))
    .argument('<FILE...>', 'scripts, each of which defines throttle(cpu, cur, max, min)')
    .requiredOption(
      '--trace <LOAD>',
      'trace of loads, as moonring record load writes it; - is standard input',
    )
    .option('--plot <OUT.svg>', 'draw frequency, load and temperature over time')
    .option('--period <MS>', 'milliseconds between calls', '20')
    .option('--call <NAME>', 'function to call for each processor', 'throttle')
    .option('--json', 'print the report as one JSON document')
    .option('--fuel <N>', 'instructions that a call may execute (default: 100000)')
    .option(...MEMORY)
    .option(...ALLOW)
    .addHelpText('after', SIMULATE_HELP)
    .action(async (_hook: string, files: string[], options: SimulateCommandOptions) => {
      done(await (await import('./simulate.ts')).simulateCpufreq(files, options))
    })
}

function addRecord(program: Command, done: Done): void {
  program
    .command('record')
    .summary("record the loads of this machine's processors")
    .description("Records the loads of this machine's processors as a trace for moonring simulate.")
    .usage('[OPTION…] load')
    .addArgument(new Argument('<WHAT>', 'what is recorded').choices(['load']))
    .option('--period <MS>', 'milliseconds between rows; the kernel counts in steps of 10', '100')
    .option('--duration <MS>', 'end after so many milliseconds (default: at Ctrl-C)')
    .option('--output <FILE>', 'file for the trace (default: standard output)')
    .addHelpText('after', RECORD_HELP)
    .action(async (_what: string, options: RecordCommandOptions) => {
      done(await (await import('./record.ts')).recordLoad(options))
    })
}

const GOVERN_HELP = `
throttle(cpu, cur, max, min) is called every period for each cpufreq policy, with its first processor and frequencies
in kHz. The libraries cpufreq, acpi and cpu tell loads and temperatures and set frequencies. A call that fails leaves
the period to a built-in rule, the kernel's ondemand. At the end, or at the next start if it was killed, policies get
the governor and the limits back that they had.

Examples:
  sudo moonring govern examples/throttle.lua
  sudo moonring govern examples/ondemand.lua --period 100 --duration 60000 --json

Exit codes: 0 fine, 1 the script failed or a policy could not be given back, 2 wrong usage, 3 not permitted,
4 this machine has no frequencies to govern.`

const SIMULATE_HELP = `
The model has a policy for each processor of the trace. Work that comes in waits until the processor, as fast as its
frequency, has done it. The table shows the energy that this took, how long work took from coming to being done, how
hot it got, and the time at each frequency.

Examples:
  moonring simulate cpufreq examples/throttle.lua --trace examples/traces/synthetic-desktop.csv
  moonring simulate cpufreq examples/throttle.lua examples/ondemand.lua --trace examples/traces/synthetic-desktop.csv --plot out.svg
  moonring simulate cpufreq mine.lua --trace load.csv --json | jq '.governors[0].energy'

Exit codes: 0 fine, 1 a script, a call of it or the trace failed, 2 wrong usage.`

const RECORD_HELP = `
Examples:
  moonring record load --output load.csv
  moonring record load --duration 60000 | moonring simulate cpufreq examples/throttle.lua --trace -

Exit codes: 0 fine, 1 the trace can't be written, 2 wrong usage, 4 this machine has no /proc/stat.`
