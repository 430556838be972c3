/** The commands about named states: their options and help texts. What they do is in files of their own. */

import { type Command, Option } from 'commander'
import { ATTACH_OPTIONS } from '../named/attach-options.ts'
import type { ExitCode } from './command-error.ts'
import type { AttachCommandOptions, CreateCommandOptions } from './state-life.ts'
import type { LogOptions } from './state-log.ts'
import type { JsonOption } from './state-reports.ts'
import type { EvaluateOptions } from './state-scripts.ts'
import type { LimitOption } from './state-watch.ts'
import type { TopOptions } from './top.ts'

type Done = (exit: ExitCode) => void
type OptionTexts = readonly [flags: string, description: string]

const NAME = ['<NAME>', 'name of the state'] as const

/**
 * Adds them to the program; `memory` and `allow` are the options of all commands that make states, `hooks` lists what
 * there is to attach to.
 */
export function addStateCommands(
  program: Command,
  done: Done,
  memory: OptionTexts,
  allow: OptionTexts,
  hooks: string,
): void {
  addCreate(program, done, memory, allow)
  addScripts(program, done)
  addHooks(program, done, hooks)
  addReports(program, done)
  program
    .command('destroy')
    .summary('detach named states and free them')
    .description(
      'Detaches named states from their hooks, and frees them. Removes what is left of broken ones, too.',
    )
    .usage('NAME…')
    .argument('<NAME...>', 'names of the states')
    .action(async (names: string[]) => done(await (await import('./state-life.ts')).destroy(names)))
}

function addCreate(program: Command, done: Done, memory: OptionTexts, allow: OptionTexts): void {
  program
    .command('create')
    .summary('make a named state, which lasts')
    .description('Makes a named state. It outlives the command, until it is destroyed.')
    .usage('NAME [OPTION…]')
    .argument(...NAME)
    .option('--kernel', 'in the Linux kernel, where hooks of the kernel can call it; else in moonring serve')
    .option(...memory)
    .option(
      '--fuel <N>',
      'instructions that a call may execute (default: what each hook has, no limit for scripts)',
    )
    .option(
      '--deadline <TIME>',
      'time that a call of a hook may take, such as 10ms (default: what each hook has)',
    )
    .option(...allow)
    .option(
      '--percpu',
      'one copy of the state for each CPU, with nothing shared between them; needs --kernel',
    )
    .option('--description <TEXT>', 'what it is for, as list and show tell')
    .addHelpText('after', CREATE_HELP)
    .action(async (name: string, options: CreateCommandOptions) => {
      done(await (await import('./state-life.ts')).create(name, options))
    })
}

const LIMIT = [
  '--limit <TIME>',
  'how long it may take (default: 2s in states that hooks call, else no limit)',
] as const
const NO_LIMIT = ['--no-limit', 'let it take as long as it does, in states that hooks call, too'] as const

function addScripts(program: Command, done: Done): void {
  program
    .command('load')
    .summary('run scripts in a named state')
    .description(
      'Runs scripts in a named state. Hooks that call meanwhile wait for some microseconds, and then take their default verdict. What the scripts print is shown, and logged.',
    )
    .usage('NAME FILE… [OPTION…]')
    .argument(...NAME)
    .argument('<FILE...>', 'scripts; - is standard input')
    .option(...LIMIT)
    .option(...NO_LIMIT)
    .addHelpText('after', LOAD_HELP)
    .action(async (name: string, files: string[], options: LimitOption) => {
      done(await (await import('./state-scripts.ts')).load(name, files, options))
    })
  program
    .command('eval')
    .summary('run a line of Lua in a named state')
    .description(
      'Runs code in a named state, and prints its results. Hooks that call meanwhile wait for some microseconds, and then take their default verdict.',
    )
    .usage('NAME CODE [OPTION…]')
    .argument(...NAME)
    .argument('<CODE>', 'statements, or an expression')
    .option('--each', 'show what it gives on each CPU (for states made with --percpu)')
    .option(...LIMIT)
    .option(...NO_LIMIT)
    .addHelpText('after', EVAL_HELP)
    .action(async (name: string, code: string, options: EvaluateOptions) => {
      done(await (await import('./state-scripts.ts')).evaluate(name, code, options))
    })
  program
    .command('require')
    .summary('load a module into a named state')
    .description(
      'Finds a module as ./MODULE.lua or ./MODULE/init.lua, and makes it one that scripts can require.',
    )
    .usage('NAME MODULE')
    .argument(...NAME)
    .argument('<MODULE>', 'name of the module; dots stand for folders')
    .addHelpText('after', REQUIRE_HELP)
    .action(async (name: string, module: string) => {
      done(await (await import('./state-require.ts')).requireModule(name, module))
    })
  program
    .command('repl')
    .summary('an interactive session in a named state')
    .description(
      'An interactive session in a named state, while its hooks go on. Ctrl-D leaves, and the state stays.',
    )
    .usage('NAME')
    .argument(...NAME)
    .action(async (name: string) => done(await (await import('./repl.ts')).replIn(name)))
}

function addHooks(program: Command, done: Done, hooks: string): void {
  const command = program
    .command('attach')
    .summary('let a hook call a named state')
    .description('Attaches a named state to a hook, which calls one of its functions from now on.')
    .usage('NAME HOOK [OPTION…]')
    .argument(...NAME)
    .argument('<HOOK>', 'name of the hook, see below')
  for (const { flags, help } of Object.values(ATTACH_OPTIONS)) command.option(flags, help)
  command
    .addOption(new Option('--subsystem <FILE>', 'module of JavaScript that declares the hook'))
    .addHelpText(
      'after',
      `\nHooks (moonring hooks says which of them this machine has):\n${hooks}\n${ATTACH_HELP}`,
    )
    .action(async (name: string, hook: string, options: AttachCommandOptions) => {
      done(await (await import('./state-life.ts')).attach(name, hook, options))
    })
  program
    .command('detach')
    .summary('let no hook call it any more')
    .description('Detaches a named state from a hook, or from all.')
    .usage('NAME [HOOK]')
    .argument(...NAME)
    .argument('[HOOK]', 'name of the hook (default: all)')
    .action(async (name: string, hook: string | undefined) => {
      done(await (await import('./state-life.ts')).detach(name, hook))
    })
}

function addReports(program: Command, done: Done): void {
  program
    .command('list')
    .summary('list the named states')
    .description('Lists the named states, and what they have done.')
    .usage('[--json]')
    .option('--json', 'print an array of what show --json prints')
    .action(async (options: JsonOption) => done(await (await import('./state-reports.ts')).list(options)))
  program
    .command('show')
    .summary('tell about a named state')
    .description('Tells what a named state is, what it has done, and how its calls went.')
    .usage('NAME [--json]')
    .argument(...NAME)
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: JsonOption) => {
      done(await (await import('./state-reports.ts')).show(name, options))
    })
  program
    .command('log')
    .summary('show what scripts printed, and their errors')
    .description('Shows what scripts of a named state, or of all, have printed, and their errors.')
    .usage('[NAME] [-f] [--json]')
    .argument('[NAME]', 'name of the state (default: all)')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--json', 'print a JSON document a line')
    .action(async (name: string | undefined, options: LogOptions) => {
      done(await (await import('./state-log.ts')).log(name, options))
    })
  program
    .command('top')
    .summary('watch the named states')
    .description('Shows what the named states do at the moment; q leaves.')
    .usage('[OPTION…]')
    .option('--interval <SECONDS>', 'time between two looks', '1')
    .option('--count <N>', 'how many times (default: until q)')
    .action(async (options: TopOptions) => done(await (await import('./top.ts')).top(options)))
}

const CREATE_HELP = `
Examples:
  sudo moonring create ssh --kernel --memory 256K --description 'no old SSH servers'
  sudo moonring create counter --kernel --percpu --allow string,table

Exit codes: 0 fine, 1 there is one of this name, 2 wrong usage, 3 not permitted, 4 not available here.`

const LOAD_HELP = `
No call of a hook sees half of a change: hooks wait for some microseconds while a script runs, and then take their
default verdict, which moonring show counts.

Examples:
  sudo moonring load ssh filter.lua
  sudo moonring load ssh lists.lua rules.lua

Exit codes: 0 fine, 1 a script failed, 2 wrong usage, 3 not permitted.`

const EVAL_HELP = `
Examples:
  sudo moonring eval governor 'up = 95'
  sudo moonring eval governor up
  sudo moonring eval counter packets --each

Exit codes: 0 fine, 1 the code failed, 2 wrong usage, 3 not permitted.`

const REQUIRE_HELP = `
A module that requires others needs them first. What has been required stays as it is: to load it anew, first
  sudo moonring eval NAME 'package.loaded.MODULE = nil'

Examples:
  sudo moonring require ssh lists
  sudo moonring load ssh filter.lua     a script with: local lists = require 'lists'

Exit codes: 0 fine, 1 there is no such module or it failed, 2 wrong usage, 3 not permitted.`

const ATTACH_HELP = `
Examples:
  sudo mkdir /sys/fs/cgroup/build      where cgroup2 is mounted; findmnt -t cgroup2 says where
  sudo moonring attach guard cgroup/sysctl --cgroup /sys/fs/cgroup/build
  sudo moonring attach guard cgroup/connect4 --cgroup /sys/fs/cgroup/build --call connect --default deny
  sudo moonring attach ssh netfilter/local-out --proto tcp --sport 22 --default drop
  sudo moonring attach nat tc/egress --dev eth0 --call outward --priority 10
  sudo moonring attach cool cpufreq --target 20ms      a sampling period of 20 ms

Exit codes: 0 fine, 1 it could not be attached, 2 wrong usage, 3 not permitted, 4 not available here.`
