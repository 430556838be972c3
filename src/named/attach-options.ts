/**
 * The options of `attach`: one table, from which the command's options and help, the fields of the wire, and the refusals
 * follow. An option that a hook has no use for is refused: nothing is shown that doesn't hold.
 */
import type { Hook } from '../hook/subsystem.ts'
import { MATCH_WORDS } from '../packet/match.ts'
import {
  checkOptions,
  FLAG,
  FUNCTION,
  isList,
  type OptionKind,
  type OptionKinds,
  TEXT,
} from '../state/check-options.ts'
import { StateError } from '../state/errors.ts'
import type { AttachOptions } from './named-state.ts'

type Word = (typeof MATCH_WORDS)[number]
/** What is given by a name of its own: fields of AttachOptions, and of its match. */
export type OptionName = Exclude<keyof AttachOptions, 'match' | 'note'> | Word

interface Option {
  /** As people type it, with its value. */
  readonly flags: string
  readonly help: string
  readonly value: 'text' | 'integer' | 'flag'
  /** Which hooks have a use for it. */
  readonly of: (hook: Hook) => boolean
}

const always = () => true
const targets =
  (...kinds: readonly string[]) =>
  (hook: Hook) =>
    hook.where === 'kernel' && kinds.includes(hook.target)
const packets = (hook: Hook) => hook.where === 'kernel' && hook.packet !== undefined

/** Places of netfilter, by their numbers, at which packets have no device yet, or not any more: subsystems/packets.ts. */
const WITHOUT: Readonly<Record<number, Word>> = { 0: 'out', 1: 'out', 3: 'in' }

/** Whether packets of a hook have what a match option asks for: at others it would never match. */
const packetsWith = (word: Word) => (hook: Hook) => {
  if (hook.where !== 'kernel' || hook.packet === undefined) return false
  if (hook.packet === 'xdp') return word !== 'out' && word !== 'mark'
  if (hook.packet === 'tc') return word !== 'out' || hook.attachType === 'TCX_EGRESS'
  return WITHOUT[hook.number ?? -1] !== word
}

function match(word: Word, value: string, help: string): Option {
  return { flags: `--${word} <${value}>`, help, value: 'text', of: packetsWith(word) }
}

export const ATTACH_OPTIONS: Readonly<Record<OptionName, Option>> = {
  function: {
    flags: '--call <FUNCTION>',
    help: "global function to call (default: the hook's own)",
    value: 'text',
    of: always,
  },
  later: {
    flags: '--later',
    help: 'attach before there is such a function: until then calls take the default verdict',
    value: 'flag',
    of: always,
  },
  default: { flags: '--default <VERDICT>', help: 'verdict when a call fails', value: 'text', of: always },
  cgroup: {
    flags: '--cgroup <DIRECTORY>',
    help: 'for hooks of control groups: which one, a directory of cgroup2',
    value: 'text',
    of: targets('cgroup'),
  },
  device: {
    flags: '--dev <DEVICE>',
    help: 'for tc and xdp: the network device',
    value: 'text',
    of: targets('device'),
  },
  target: {
    flags: '--target <TEXT>',
    help: 'for hooks in user space: what the hook wants to know, such as 20ms for cpufreq',
    value: 'text',
    of: (hook) => hook.where === 'user',
  },
  netns: {
    flags: '--netns <NAME>',
    help: 'for packets: the network namespace (default: the one of the command)',
    value: 'text',
    of: targets('namespace', 'device'),
  },
  priority: {
    flags: '--priority <N>',
    help: 'for netfilter and tc: where several are called, the lower comes first (default: netfilter -1, tc 0)',
    value: 'integer',
    of: (hook) => targets('namespace', 'device')(hook) && !(hook.where === 'kernel' && hook.packet === 'xdp'),
  },
  rules: {
    flags: '--rules',
    help: 'for packets: by the rules in the global rules, which packet.rules has made',
    value: 'flag',
    of: packets,
  },
  proto: match('proto', 'NAME', 'for this protocol only: tcp, udp, icmp, … or a number'),
  port: match('port', 'PORTS', 'for this source or destination port, or range (1024-65535)'),
  sport: match('sport', 'PORTS', 'for this source port or range'),
  dport: match('dport', 'PORTS', 'for this destination port or range'),
  saddr: match('saddr', 'NETWORK', 'for this source address or network (10.0.0.0/8, fd00::/8)'),
  daddr: match('daddr', 'NETWORK', 'for this destination address or network'),
  ethertype: match('ethertype', 'TYPE', 'for this EtherType: arp, lldp, … , a number, or any (default: IP)'),
  mark: match('mark', 'MARK', 'for packets with this mark, or value/mask'),
  in: match('in', 'DEVICE', 'for packets that came in by this device'),
  out: match('out', 'DEVICE', 'for packets that go out by this device'),
}

const NAMES = Object.keys(ATTACH_OPTIONS) as OptionName[]
const flagOf = (name: OptionName) => ATTACH_OPTIONS[name].flags.split(' ')[0] as string

/** @throws StateError `BAD_OPTION` that names the options without use, and those that the hook has */
export function refuseOptions(hook: Hook, useless: readonly OptionName[]): never {
  const known = NAMES.filter((name) => ATTACH_OPTIONS[name].of(hook)).map(flagOf)
  throw new StateError(
    'BAD_OPTION',
    `Cannot attach to ${hook.name}: it has no use for ${useless.map(flagOf).join(' and ')}`,
    `it takes ${known.join(', ')}`,
  )
}

/** Any integer that JavaScript has exactly; a hook may take fewer. */
const INTEGER: OptionKind = { takes: 'an integer', accepts: Number.isSafeInteger }
const MATCH: OptionKind = {
  takes: 'an object',
  accepts: (value) => typeof value === 'object' && value !== null && !isList(value),
}
const KINDS: Readonly<Record<Option['value'], OptionKind>> = { text: TEXT, integer: INTEGER, flag: FLAG }

const isWord = (name: string) => (MATCH_WORDS as readonly string[]).includes(name)
const kindsOf = (names: readonly OptionName[]): OptionKinds =>
  Object.fromEntries(names.map((name) => [name, KINDS[ATTACH_OPTIONS[name].value]]))
const FIELDS: OptionKinds = {
  ...kindsOf(NAMES.filter((name) => !isWord(name))),
  match: MATCH,
  note: FUNCTION,
}
const WORDS = kindsOf(NAMES.filter(isWord))

/**
 * Checks options of any shape against what the hook has. In TypeScript `target` may stand for `cgroup` and `device`.
 * @returns the options, what it is attached to as `target`
 * @throws StateError `BAD_OPTION`
 */
export function checkAttachOptions(hook: Hook, options: AttachOptions): AttachOptions {
  checkOptions(`Cannot attach to ${hook.name}`, options, FIELDS)
  const { match = {}, note, ...fields } = options
  checkOptions(`Cannot attach to ${hook.name} with this match`, match, WORDS)
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const words = Object.entries(match).filter(([, value]) => value !== undefined)
  const { cgroup, device, target, ...rest } = fields
  const isTarget = (name: string) => name === 'target' && targets('cgroup', 'device')(hook)
  const names = [...given, ...words].map(([name]) => name) as OptionName[]
  const useless = names.filter((name) => !ATTACH_OPTIONS[name].of(hook) && !isTarget(name))
  if (useless.length > 0) refuseOptions(hook, useless)
  const places = [cgroup, device, target].filter((place) => place !== undefined)
  if (places.length > 1)
    throw new StateError('BAD_OPTION', `Cannot attach to ${hook.name}: it is told twice what to attach to`)
  const [place] = places
  return {
    ...rest,
    ...(place !== undefined && { target: place }),
    ...(words.length > 0 && { match }),
    ...(note && { note }),
  }
}
