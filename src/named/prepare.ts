/** What a new state's control block says from the start. */
import { CONTROL, MEMORY } from '../isa/layout.ts'
import { StateError } from '../state/errors.ts'
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

/** @throws StateError `BAD_OPTION` */
export function checkDescription(text: string): void {
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
