/** Hooks of control groups: what processes of a cgroup do, seen and decided by a script. */
import { describedLibrary } from '../hook/described-library.ts'
import { defineSubsystem, type KernelHook, type Subsystem } from '../hook/subsystem.ts'
import { linux } from './linux.ts'

const ALLOW = {
  named: { allow: 1, deny: 0 },
  onTrue: 'allow',
  onFalse: 'deny',
  onNil: 'allow',
  onFailure: 'allow',
}

type Fields = Pick<KernelHook, 'summary' | 'function' | 'program' | 'attachType' | 'context' | 'arguments'>

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

/** Addresses and ports are in network byte order, as the kernel has them. */
export const cgroup: Subsystem = defineSubsystem({
  name: 'cgroup',
  summary: 'packets, sockets, connections and devices of the processes of a control group',
  hooks: [
    hook('ingress', {
      summary: 'packets that arrive: ingress(length, protocol, interface)',
      function: 'ingress',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_INGRESS',
      context: '__sk_buff',
      arguments: ['len', 'protocol', 'ifindex'],
    }),
    hook('egress', {
      summary: 'packets that leave: egress(length, protocol, interface)',
      function: 'egress',
      program: 'CGROUP_SKB',
      attachType: 'CGROUP_INET_EGRESS',
      context: '__sk_buff',
      arguments: ['len', 'protocol', 'ifindex'],
    }),
    hook('sock-create', {
      summary: 'new sockets: socket(family, type, protocol)',
      function: 'socket',
      program: 'CGROUP_SOCK',
      attachType: 'CGROUP_INET_SOCK_CREATE',
      context: 'bpf_sock',
      arguments: ['family', 'type', 'protocol'],
    }),
    hook('connect4', {
      summary: 'connections by IPv4: connect(address, port, protocol)',
      function: 'connect',
      program: 'CGROUP_SOCK_ADDR',
      attachType: 'CGROUP_INET4_CONNECT',
      context: 'bpf_sock_addr',
      arguments: ['user_ip4', 'user_port', 'protocol'],
    }),
    hook('connect6', {
      summary: 'connections by IPv6: connect6(port, protocol)',
      function: 'connect6',
      program: 'CGROUP_SOCK_ADDR',
      attachType: 'CGROUP_INET6_CONNECT',
      context: 'bpf_sock_addr',
      arguments: ['user_port', 'protocol'],
    }),
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
        context: 'bpf_sock_ops',
        arguments: ['op', 'family', 'local_port', 'remote_port'],
      }),
      verdicts: { named: { seen: 1 }, onTrue: 'seen', onFalse: 'seen', onNil: 'seen', onFailure: 'seen' },
    },
  ],
  libraries: [linux],
})
