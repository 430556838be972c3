/** Commands, options and help texts. */

import { Command, CommanderError, Option } from 'commander'
import { version } from '../named/version.ts'
import type { CheckOptions } from './check.ts'
import { EXIT, type ExitCode } from './command-error.ts'
import { ALLOW, addMatchOptions, type Done, MEMORY } from './common-options.ts'
import type { FilterCommandOptions } from './filter.ts'
import { addFrequencyCommands } from './frequency-commands.ts'
import { standardOutput } from './output.ts'
import type { ReportOptions } from './probe-table.ts'
import type { RunOptions } from './run.ts'
import { addServe } from './serve-command.ts'
import { addStateCommands } from './state-commands.ts'
import { wrongUsage } from './usage-error.ts'

/**
 * Runs the command that the arguments ask for.
 * @throws CommandError for wrong usage, and whatever the command throws
 */
export async function parseCommand(args: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.fine
  const asksAboutHooks = args.includes('attach') && args.some((arg) => ['-h', '--help', 'help'].includes(arg))
  // their declarations are loaded for nothing else
  const hooks = asksAboutHooks ? (await import('../subsystems/find.ts')).listHooks() : ''
  const program = makeProgram(hooks, (code) => {
    exit = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw wrongUsage(error, args, program)
  }
  return exit
}

/** @param hooks the list of hooks, for the help of `attach` */
function makeProgram(hooks: string, done: Done): Command {
  const program = new Command('moonring')
    .description('Linux, scriptable in Lua. Without a command: an interactive session.')
    .usage('[COMMAND] [OPTION…] [ARGUMENT…]')
    .version(`moonring ${version()} (Lua 5.4, 64-bit integers only)`, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => standardOutput.write(text),
      // what went wrong is thrown, and shown in one place
      writeErr: () => {},
      outputError: () => {},
    })
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .addHelpText('after', PROGRAM_HELP)
  addRun(program, done)
  addCheck(program, done)
  addFilter(program, done)
  addFrequencyCommands(program, done)
  addDoctor(program, done)
  addHooks(program, done)
  addStateCommands(program, done, MEMORY, ALLOW, hooks)
  addServe(program, done)
  return program
}

function addRun(program: Command, done: Done): void {
  program
    .command('run')
    .summary('run a script to its end')
    .description('Runs a script to its end; what it prints goes to standard output.')
    .usage('[OPTION…] FILE [ARG…]')
    .argument('<FILE>', 'the script; - is standard input')
    .argument('[ARG...]', 'for the script, in ... and in the table arg; options too')
    .option(
      '--memory <SIZE>',
      'memory of the state, 64K to 1G, in the kernel to 128M (default: 64M, in the kernel 1M)',
    )
    .option('--fuel <N>', 'instructions that the script may execute (default: no limit)')
    .option(...ALLOW)
    .option('--kernel', 'run it inside the Linux kernel; needs root or CAP_BPF and CAP_PERFMON')
    .option('--raw', 'print to a terminal what it would obey, such as colours, as the script prints it')
    .option('--stats', 'say on standard error what it took')
    .passThroughOptions()
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, args: string[], options: RunOptions) => {
      done(await (await import('./run.ts')).run(file, args, options))
    })
}

function addCheck(program: Command, done: Done): void {
  program
    .command('check')
    .summary('say everything that is wrong with scripts')
    .description(
      'Compiles scripts without running them, and says everything that is wrong with them. Warns of globals and fields ' +
        "that don't exist, of locals that are not used or hide others, and of unreachable code.",
    )
    .usage('[OPTION…] FILE…')
    .argument('<FILE...>', 'scripts; - is standard input')
    .option('--list', 'print the bytecode of scripts that are fine')
    .addOption(new Option('--format <FORMAT>', 'how to print').choices(['text', 'json', 'sarif']))
    .option('--json', 'the same as --format json')
    .option('--globals <NAMES>', 'globals that others provide, with commas between them')
    .option('--strict', 'fail on warnings, too; without it they leave the exit code as it is')
    .addHelpText('after', CHECK_HELP)
    .action(async (files: string[], options: CheckOptions) => {
      done((await import('./check.ts')).check(files, options))
    })
}

function addFilter(program: Command, done: Done): void {
  const command = program
    .command('filter')
    .summary('run a packet filter over a capture')
    .description('Runs a packet filter over a capture, in user space, and reports flows and verdicts.')
    .usage('[OPTION…] FILE --pcap CAPTURE')
    .argument('<FILE>', 'the script, which defines filter(hdr, pld); - is standard input')
    .requiredOption('--pcap <CAPTURE>', 'packets to filter, as tcpdump -w writes them; - is standard input')
    .option('--call <NAME>', 'function to call for each packet', 'filter')
    .addOption(
      new Option('--default <VERDICT>', 'verdict when a call fails')
        .choices(['accept', 'drop'])
        .default('accept'),
    )
    .option('--hook <HOOK>', 'do as this hook does: netfilter/…, tc/… or xdp', 'netfilter/local-in')
    .option('--rules', 'by the rules in the global rules, which packet.rules has made')
    .option('--match <TEXT>', 'ask about these packets only, e.g. "proto tcp dport 22"')
  addMatchOptions(command, 'about')
  command
    .option('--json', 'print the report as one JSON document')
    .option('--all-flows', 'list every flow, not just the first 20')
    .option('--write <FILE>', 'write the accepted packets to a new capture')
    .option('--fuel <N>', 'instructions that a call may execute (default: 100000)')
    .option('--deadline <TIME>', 'time that a call may take, such as 10ms (default: 1s)')
    .option(...MEMORY)
    .option(...ALLOW)
    .option('--loop <N>', 'go through the capture so many times', '1')
    .addHelpText('after', FILTER_HELP)
    .action(async (file: string, options: FilterCommandOptions) => {
      done(await (await import('./filter.ts')).filter(file, options))
    })
}

function addDoctor(program: Command, done: Done): void {
  program
    .command('doctor')
    .summary('say what this kernel has, and what to do about gaps')
    .description('Tries what Moonring needs of the kernel, feature by feature. Nothing is attached or kept.')
    .usage('[--json]')
    .option('--json', 'print an array of {name, available, reason}')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (options: ReportOptions) => {
      done((await import('./doctor.ts')).doctor(options))
    })
}

function addHooks(program: Command, done: Done): void {
  program
    .command('hooks')
    .summary('list what states can be attached to here')
    .description('Lists the hooks to which states can be attached, and tries whether this machine has them.')
    .usage('[--json]')
    .option('--json', 'print an array of {name, program, available, reason}')
    .addHelpText('after', HOOKS_HELP)
    .action(async (options: ReportOptions) => {
      done((await import('./hooks.ts')).hooks(options))
    })
}

const PROGRAM_HELP = `
Examples:
  moonring                          an interactive session
  moonring run hello.lua            run a script
  moonring check *.lua              compile only, and say all that is wrong
  moonring filter ssh-filter.lua --pcap ssh.pcap
                                    which packets a filter would drop
  sudo moonring create guard --kernel
                                    a state in the kernel, which lasts; load, attach, eval, show, destroy

Exit codes: 0 fine, 1 the script or the request failed, 2 wrong usage, 3 not permitted, 4 not available.
NO_COLOR=1 turns colours off; MOONRING_DEBUG=1 shows where a fault of Moonring itself comes from.`

const RUN_HELP = `
Examples:
  moonring run hello.lua a b        arg[0] is hello.lua, arg[1] and the first of ... are a
  echo 'print(2^62)' | moonring run -
  moonring run --memory 16M --fuel 1000000 big.lua
  moonring run --allow string,table pure.lua
  sudo moonring run --kernel --stats hello.lua

Exit codes: 0 fine, 1 the script failed, 2 wrong usage, 3 not permitted, 4 --kernel is not available here.`

const CHECK_HELP = `
Examples:
  moonring check filter.lua init.lua
  moonring check --list filter.lua
  moonring check --strict --globals log,config *.lua
  moonring check --json *.lua | jq '.diagnostics[].message'
  moonring check --format sarif *.lua > moonring.sarif

Exit codes: 0 nothing is wrong, or there are warnings only; 1 something is wrong or can't be read; 2 wrong usage.`

const FILTER_HELP = `
filter(hdr, pld) gets the headers from the network layer up to the payload, and the payload, both as data
blocks. It returns true, nil or nothing to accept the packet, false to drop it. A call that fails or returns
anything else takes the default verdict, and is counted as an error.

Examples:
  moonring filter ssh-filter.lua --pcap ssh.pcap
  moonring filter ssh-filter.lua --pcap ssh.pcap --proto tcp --port 22 --json
  moonring filter ssh-filter.lua --pcap ssh.pcap --write accepted.pcap
  tcpdump -i any -c 1000 -w - | moonring filter ssh-filter.lua --pcap -

Exit codes: 0 fine, 1 the script, a call of it or the capture failed, 2 wrong usage.`

const DOCTOR_HELP = `
Run it as root: without privilege most features can't be tried. MOONRING_BPFFS names the directory for pins.

Examples:
  sudo moonring doctor
  sudo moonring doctor --json | jq -r '.[] | select(.available | not) | "\\(.name): \\(.reason)"'

Exit codes: 0 it could report, whatever it found, 2 wrong usage.`

const HOOKS_HELP = `
Run it as root: without privilege hooks can't be tried. Nothing is attached.

Examples:
  sudo moonring hooks
  sudo moonring hooks --json | jq -r '.[] | select(.available).name'

Exit codes: 0 it could report, whatever it found, 2 wrong usage.`
