/** What a new state's control block says from the start. */
import { checkAsked } from '../hook/limits.ts'
import { CONTROL, MEMORY } from '../isa/layout.ts'
import { checkOptions, FLAG, integerBetween, LIST, NUMBER, TEXT } from '../state/check-options.ts'
import type { Engine } from '../state/engine.ts'
import { StateError } from '../state/errors.ts'
import { checkLibraries, LARGEST } from '../state/state-options.ts'
import { ControlBlock } from './control-block.ts'
import type { CreateOptions, Output } from './named-state.ts'
import { layoutHash, version } from './version.ts'

/** Signs the control block of a state whose memory has just been made. */
export function prepareControl(control: ControlBlock, options: CreateOptions): void {
  const { address } = control
  control.sign(version(), layoutHash())
  control.description = options.description ?? ''
  control.libraries = options.libraries ?? []
  control.setLong(address + CONTROL.HOOK_FUEL, BigInt(options.fuel ?? 0))
  control.setLong(address + CONTROL.HOOK_DEADLINE, BigInt(Math.round((options.deadline ?? 0) * 1e6)))
  control.setLong(address + CONTROL.CREATED, BigInt(Date.now()))
}

/** Those of the options that the driver of a state takes. */
export function driverOptions(options: CreateOptions, output: Output) {
  const { memory = MEMORY.DEFAULT_LIMIT, fuel, libraries } = options
  return {
    memory,
    output,
    ...(libraries && { libraries }),
    ...(fuel !== undefined && { fuel }),
  }
}

/**
 * Checks the options of `create`, of any shape.
 * @throws StateError `BAD_OPTION`
 */
export function checkCreateOptions(engine: Engine, name: string, options: CreateOptions): void {
  const most = LARGEST[engine]
  const action = `Cannot create the state '${name}'`
  checkOptions(action, options, {
    memory: integerBetween(MEMORY.SMALLEST_LIMIT, most, `64 KiB to ${most >>> 20} MiB in bytes`),
    fuel: NUMBER,
    deadline: NUMBER,
    libraries: LIST,
    description: TEXT,
    perCpu: FLAG,
  })
  checkLibraries(action, options.libraries ?? [])
  checkDescription(options.description ?? '')
  checkAsked(engine, options)
}

/** @throws StateError `BAD_OPTION` */
function checkDescription(text: string): void {
  if (ControlBlock.fitsDescription(text)) return
  throw new StateError(
    'BAD_OPTION',
    'Cannot create a state: its description is longer than 127 bytes',
    'shorten it',
  )
}

export function alreadyThere(name: string): StateError {
  const hint = `destroy it first: moonring destroy ${name}`
  return new StateError('EXISTS', `Cannot create the state '${name}': there is one of this name`, hint)
}
