/** vm/generated/layout.ts: the constants of src/isa as AssemblyScript. */
import {
  BLOCK_HEADER,
  CHUNK_FORMAT,
  COMMAND,
  CONTROL,
  EVENTS,
  FRAME,
  G,
  HOOK,
  HOOK_ARGUMENTS,
  KIND,
  LIMITS,
  LINK,
  LOG,
  LOG_KIND,
  MARK,
  MEMORY,
  OBJECT,
  PACKET,
  PACKET_INFO,
  PACKET_KIND,
  PHASE,
  REGISTRY,
  REQUEST,
  RULE,
  RULE_ACTION,
  RULE_FLAG,
  SLOT,
  SLOT_FLAG,
  STATIC,
  STATUS,
  STOP,
  TAG,
  WEAK,
} from '../../src/isa/layout.ts'
import { MESSAGES } from '../../src/isa/messages.ts'
import { OPCODES } from '../../src/isa/opcodes.ts'

const constants = (prefix: string, table: Readonly<Record<string, number>>): string[] =>
  Object.entries(table).map(([name, value]) => `export const ${prefix}${name}: i32 = ${value}`)

const word = (tag: number, payload = 0): string =>
  `0x${BigInt.asUintN(64, (BigInt(tag) << 32n) | BigInt(payload)).toString(16)}`

export function generateLayout(): string {
  const lines = [
    '// Generated from src/isa/layout.ts, opcodes.ts and messages.ts by tools/generate.ts. Do not edit.',
    ...constants('T_', TAG),
    ...(['NIL', 'FALSE', 'TRUE', 'EMPTY'] as const).map((n) => `export const V_${n}: i64 = ${word(TAG[n])}`),
    ...constants('KIND_', KIND),
    ...constants('BLOCKHEADER_', BLOCK_HEADER),
    ...constants('MARK_', MARK),
    ...constants('PHASE_', PHASE),
    ...constants('WEAK_', WEAK),
    ...constants('STOP_', STOP),
    ...constants('CMD_', COMMAND),
    ...constants('REQUEST_', REQUEST),
    ...constants('FRAME_', FRAME),
    ...constants('LINK_', LINK),
    ...constants('G_', G),
    ...constants('MEM_', MEMORY),
    ...constants('STATIC_', STATIC),
    ...constants('CONTROL_', CONTROL),
    ...constants('HOOK_', HOOK),
    ...constants('LOG_', LOG),
    ...constants('LOGKIND_', LOG_KIND),
    ...constants('SLOT_', SLOT),
    ...constants('SLOTFLAG_', SLOT_FLAG),
    ...constants('HOOKARGUMENTS_', HOOK_ARGUMENTS),
    ...constants('PACKETINFO_', PACKET_INFO),
    ...constants('PACKETKIND_', PACKET_KIND),
    ...constants('PACKET_', PACKET),
    ...constants('RULE_', RULE),
    ...constants('RULEACTION_', RULE_ACTION),
    ...constants('RULEFLAG_', RULE_FLAG),
    ...constants('REGISTRY_', REGISTRY),
    ...Object.entries(OBJECT).flatMap(([name, fields]) => constants(`${name}_`, fields)),
    ...constants('EVENT_', Object.fromEntries(EVENTS.map((e, i) => [e.toUpperCase(), i]))),
    `export const EVENT_COUNT: i32 = ${EVENTS.length}`,
    ...constants('STATUS_', STATUS),
    ...constants('LIMIT_', LIMITS),
    ...constants('CHUNKFORMAT_', CHUNK_FORMAT),
    ...constants('OP_', Object.fromEntries(OPCODES.map((o, i) => [o.name, i]))),
    ...constants('MSG_', Object.fromEntries(Object.keys(MESSAGES).map((m, i) => [m, i]))),
  ]
  return `${lines.join('\n')}\n`
}
