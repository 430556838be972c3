/** Hooks through which packets go: those of netfilter, of traffic control (tcx), and XDP. */
import { REDIRECT, VERDICT } from '../hook/packet-program.ts'
import { defineSubsystem, type KernelHook, type Subsystem } from '../hook/subsystem.ts'
import { linux } from './linux.ts'

const DECIDE = {
  named: VERDICT,
  onTrue: 'accept',
  onFalse: 'drop',
  onNil: 'accept',
  onFailure: 'accept',
}

/** Verdicts where packets can also be sent elsewhere: `packet.tx` and `packet.redirect` give these integers. */
const SEND = {
  ...DECIDE,
  named: { ...VERDICT, tx: REDIRECT },
  integers: [REDIRECT, 0x7fffffff] as const,
}

/** The hooks of netfilter, by their numbers: `enum nf_inet_hooks` of include/uapi/linux/netfilter.h. */
const PLACES: readonly (readonly [name: string, what: string])[] = [
  ['prerouting', 'packets that have arrived, before they are routed'],
  ['local-in', 'packets for this host'],
  ['forward', 'packets that pass through this host'],
  ['local-out', 'packets of this host, before they are routed'],
  ['postrouting', 'packets that are about to leave'],
]

function netfilter([name, what]: readonly [string, string], number: number): KernelHook {
  return {
    where: 'kernel',
    name: `netfilter/${name}`,
    summary: `${what}: filter(headers, payload, packet)`,
    function: 'filter',
    program: 'NETFILTER',
    attachType: 'NETFILTER',
    context: 'bpf_nf_ctx',
    arguments: [],
    verdicts: DECIDE,
    greatest: 1,
    target: 'namespace',
    packet: 'netfilter',
    number,
  }
}

const OF_DEVICES = {
  where: 'kernel',
  function: 'filter',
  arguments: [],
  verdicts: SEND,
  greatest: 0x7fffffff,
  target: 'device',
} as const

export const packets: Subsystem = defineSubsystem({
  name: 'packets',
  summary: 'packets on their way through this host',
  hooks: [
    ...PLACES.map(netfilter),
    {
      ...OF_DEVICES,
      name: 'tc/ingress',
      summary: 'packets that a device has received: filter(headers, payload, packet, link)',
      program: 'SCHED_CLS',
      attachType: 'TCX_INGRESS',
      context: '__sk_buff',
      packet: 'tc',
    },
    {
      ...OF_DEVICES,
      name: 'tc/egress',
      summary: 'packets that a device is to send: filter(headers, payload, packet, link)',
      program: 'SCHED_CLS',
      attachType: 'TCX_EGRESS',
      context: '__sk_buff',
      packet: 'tc',
    },
    {
      ...OF_DEVICES,
      name: 'xdp',
      summary: 'packets that a driver has received: filter(headers, payload, packet, link)',
      program: 'XDP',
      attachType: 'XDP',
      context: 'xdp_md',
      packet: 'xdp',
    },
  ],
  libraries: [linux],
})
