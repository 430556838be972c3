/** The command `serve`: options and help text. */

import type { Command } from 'commander'
import type { Done } from './common-options.ts'
import type { ServeOptions } from './serve.ts'

const append = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function addServe(program: Command, done: Done): void {
  program
    .command('serve')
    .summary('hold named states in user space')
    .description(
      'Holds named states in user space, for create, load, eval, attach and the other commands, until a signal ends it.',
    )
    .usage('[OPTION…]')
    .option(
      '--socket <PATH>',
      'where it listens (default: /run/moonring/control.sock for root, moonring/control.sock in XDG_RUNTIME_DIR for others; MOONRING_SOCKET names another, for all commands)',
    )
    .option('--group <GROUP>', 'let the members of this group use it, besides root and its own user')
    .option('--subsystem <FILE>', 'module of JavaScript that declares further hooks; may be repeated', append)
    .option(
      '--metrics <ADDRESS>',
      'serve the figures of all states, those in the kernel too, as OpenMetrics: HOST:PORT, or PORT of this machine alone',
    )
    .addHelpText('after', SERVE_HELP)
    .action(async (options: ServeOptions) => {
      done(await (await import('./serve.ts')).serve(options))
    })
}

const SERVE_HELP = `
SIGTERM and SIGINT end it: states are detached from their hooks and freed, and their finalizers are run.

Examples:
  sudo moonring serve --group adm
  sudo moonring create cool; sudo moonring load cool throttle.lua; sudo moonring show cool
  sudo moonring serve --metrics 9464; curl http://127.0.0.1:9464/metrics
  moonring serve --socket /tmp/mine.sock --subsystem ./thermostat.js
  MOONRING_SOCKET=/tmp/mine.sock moonring create mine

Exit codes: 0 a signal has ended it, 1 somebody else serves there, 2 wrong usage, 3 not permitted, 4 not available.`
