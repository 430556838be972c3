/** Hooks of control groups: what processes of a cgroup do, seen and decided by a script. */
import { describedLibrary } from '../hook/described-library.ts'
import { SOFTIRQ } from '../hook/limits.ts'
import { defineSubsystem, type KernelHook, type Subsystem } from '../hook/subsystem.ts'
import { linux } from './linux.ts'

const ALLOW = {
  named: { allow: 1, deny: 0 },
  onTrue: 'allow',
  onFalse: 'deny',
  onNil: 'allow',
  onFailure: 'allow',
}

type Fields = Pick<
  KernelHook,
  'summary' | 'function' | 'program' | 'attachType' | 'context' | 'arguments' | 'limits'
>

function hook(name: string, fields: Fields): KernelHook {
  return {
    where: 'kernel',
    name: `cgroup/${name}`,
    verdicts: ALLOW,
    greatest: 1,
    target: 'cgroup',
    ...fields,
  }
}

/** Bytes of the longest name of a sysctl that scripts see, with its end. */
const SYSCTL_NAME = 128

export const sysctl: Subsystem = defineSubsystem({
  name: 'sysctl',
  summary: 'reads and writes of /proc/sys by the processes of a control group',
  hooks: [
    hook('sysctl', {
      summary: 'reads and writes of /proc/sys: sysctl(write, position)',
      function: 'sysctl',
      program: 'CGROUP_SYSCTL',
      attachType: 'CGROUP_SYSCTL',
      context: 'bpf_sysctl',
      arguments: ['write', 'file_pos'],
    }),
  ],
  libraries: [
    describedLibrary('ctl', {
      name: {
        kernel: {
          parameters: 0,
          text: SYSCTL_NAME,
          code: `
  r1 = r6
  r2 = r10
  r2 += -${SYSCTL_NAME}
  r3 = ${SYSCTL_NAME}
  r4 = 0
  call bpf_sysctl_get_name`,
        },
      },
    }),
    linux,
  ],
})

const SEEN = { named: { seen: 1 }, onTrue: 'seen', onFalse: 'seen', onNil: 'seen', onFailure: 'seen' }

/** What processes do with an address, and what a script may do about it. */
const CALLS = [
  {
    call: 'connect',
    does: 'connections, and UDP sockets that get a peer,',
    type: 'CONNECT',
    verdicts: ALLOW,
  },
  { call: 'sendmsg', does: 'UDP messages to an address of their own,', type: 'SENDMSG', verdicts: ALLOW },
  { call: 'bind', does: 'sockets that get a local address,', type: 'BIND', verdicts: ALLOW },
  // the kernel lets no program refuse these
  { call: 'getpeername', does: 'questions for the peer of a socket,', type: 'GETPEERNAME', verdicts: SEEN },
] as const

/** The hooks of a call, for either family: the function gets an address as packet.address has it, port and protocol. */
function ofAddresses({ call, does, type, verdicts }: (typeof CALLS)[number]): KernelHook[] {
  const at = { program: 'CGROUP_SOCK_ADDR', context: 'bpf_sock_addr' } as const
  const port = { field: 'user_port', network: 16 } as const
  return [
    {
      ...hook(`${call}4`, {
        ...at,
        summary: `${does} by IPv4: ${call}(address, port, protocol)`,
        function: call,
        attachType: type === 'SENDMSG' ? 'CGROUP_UDP4_SENDMSG' : `CGROUP_INET4_${type}`,
        arguments: [{ field: 'user_ip4', network: 32 }, port, 'protocol'],
      }),
      verdicts,
    },
    {
      ...hook(`${call}6`, {
        ...at,
        summary: `${does} by IPv6: ${call}6(address, port, protocol)`,
        function: `${call}6`,
        attachType: type === 'SENDMSG' ? 'CGROUP_UDP6_SENDMSG' : `CGROUP_INET6_${type}`,
        arguments: [{ field: 'user_ip6', network: 128 }, port, 'protocol'],
      }),
      verdicts,
    },
  ]
}

/** An EtherType. */
const PROTOCOL = { field: 'protocol', network: 16 } as const

export const cgroup: Subsystem = defineSubsystem({
  name: 'cgroup',
  summary: 'packets, sockets, connections and devices of the processes of a control group',
  hooks: [
    hook('ingress', {
      summary: 'packets that arrive: ingress(length, protocol, interface)',
      function: 'ingress',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_INGRESS',
      limits: SOFTIRQ,
      context: '__sk_buff',
      arguments: ['len', PROTOCOL, 'ifindex'],
    }),
    hook('egress', {
      summary: 'packets that leave: egress(length, protocol, interface)',
      function: 'egress',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_EGRESS',
      limits: SOFTIRQ,
      context: '__sk_buff',
      arguments: ['len', PROTOCOL, 'ifindex'],
    }),
    hook('sock-create', {
      summary: 'new sockets: socket(family, type, protocol)',
      function: 'socket',
      program: 'CGROUP_SOCK',
      attachType: 'CGROUP_INET_SOCK_CREATE',
      context: 'bpf_sock',
      arguments: ['family', 'type', 'protocol'],
    }),
    ...CALLS.flatMap(ofAddresses),
    hook('device', {
      summary: 'device files that are opened or made: device(access, major, minor)',
      function: 'device',
      program: 'CGROUP_DEVICE',
      attachType: 'CGROUP_DEVICE',
      context: 'bpf_cgroup_dev_ctx',
      arguments: ['access_type', 'major', 'minor'],
    }),
    {
      ...hook('sock-ops', {
        summary: 'events of TCP connections: sockops(event, family, local port, remote port)',
        function: 'sockops',
        program: 'SOCK_OPS',
        attachType: 'CGROUP_SOCK_OPS',
        limits: SOFTIRQ,
        context: 'bpf_sock_ops',
        arguments: ['op', 'family', 'local_port', { field: 'remote_port', network: 32 }],
      }),
      verdicts: SEEN,
    },
  ],
  libraries: [linux],
})
