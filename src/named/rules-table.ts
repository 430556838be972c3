/** Rules that a script has made with `packet.rules`: the list of records that its global `rules` is. */
import { type DeviceIndex, MATCH_WORDS, type MatchOptions, parseMatch } from '../packet/match.ts'
import type { Rule } from '../packet/rule-record.ts'
import { StateError } from '../state/errors.ts'
import type { LuaValue } from '../state/memory.ts'

/** The most that a hook has: they are compared one after the other. */
const MOST = 64

const ACTIONS: Readonly<Record<string, Rule['action']>> = { pass: 'PASS', block: 'BLOCK', call: 'CALL' }
/** Fields of a record besides match options. */
const FIELDS: readonly string[] = ['action', 'final']

function refuse(reason: string): never {
  throw new StateError(
    'BAD_OPTION',
    `Cannot attach with the rules of the state: ${reason}`,
    'make them with packet.rules: docs/packet-rules.md',
  )
}

/**
 * The rules of a list, each understood as the match options of `attach` are.
 * @throws StateError `BAD_OPTION`, PacketError, and what `deviceIndex` throws
 */
export function rulesOf(list: LuaValue, deviceIndex: DeviceIndex): Rule[] {
  const records = recordsOf(list)
  if (records.length === 0) refuse('its global rules is no list of rules')
  if (records.length > MOST) refuse(`there are ${records.length}, at most ${MOST}`)
  return records.map((record, i) => ruleOf(record, i + 1, deviceIndex))
}

/** The elements 1, 2, … of a table, which may have other fields. */
function recordsOf(list: LuaValue): LuaValue[] {
  if (Array.isArray(list)) return list
  if (!(list instanceof Map)) return []
  const records: LuaValue[] = []
  for (let i = 1; list.has(i); i++) records.push(list.get(i) as LuaValue)
  return records
}

function ruleOf(record: LuaValue, number: number, deviceIndex: DeviceIndex): Rule {
  if (!(record instanceof Map)) return refuse(`rule ${number} is no table`)
  const action = ACTIONS[String(record.get('action'))]
  if (action === undefined) return refuse(`rule ${number} has the action ${String(record.get('action'))}`)
  const options: Record<string, string> = {}
  for (const [key, value] of record) {
    if (FIELDS.includes(String(key))) continue
    if (!(MATCH_WORDS as readonly string[]).includes(String(key)))
      refuse(`rule ${number} has the field ${String(key)}`)
    options[String(key)] = String(value)
  }
  return {
    match: parseMatch(options as MatchOptions, deviceIndex),
    action,
    final: record.get('final') === true,
  }
}
