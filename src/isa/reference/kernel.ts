/** Libraries and callbacks of the operating system: binary data, packet filters, processors. */
import type { LibraryEntry } from './entry.ts'

export const DATA: LibraryEntry = {
  text: 'Blocks of bytes with named fields.',
  functions: {
    layout: [
      '(fields: table<string, table>): data.layout',
      'Compiles a layout: names with {offset, length[, type[, endian]]}.',
    ],
    new: ['(contents: table|string|integer): data.block', 'A block of these bytes, or of so many zeros.'],
    strict: [
      '(on?: boolean): boolean',
      'Accesses outside a block raise from now on, or no longer; returns what held before.',
    ],
  },
  classes: {
    'data.layout': { text: 'A compiled layout.', fields: {}, methods: {} },
    'data.block': {
      text: 'A block of bytes. #b is its length, tostring(b) its bytes.',
      fields: { '[string]': { type: 'integer|string|nil', text: 'A field of its layout.' } },
      methods: {
        layout: [
          '(layout: data.layout|table<string, table>): data.block',
          'Gives the block a layout; returns the block.',
        ],
        resize: [
          '(bytes: integer): data.block|nil',
          'Of the payload of a packet on tc and xdp: gives it so many bytes; the new payload.',
        ],
        rewrite: [
          '(what: integer, value: integer|string): boolean',
          'Of the headers of a packet on tc and xdp: sets source (0), destination (1), source port (2) or destination port (3), and keeps the checksums right; false if there is no such field.',
        ],
        seal: [
          '(pld?: data.block)',
          'Of the headers of a packet on tc and xdp: computes its checksums anew.',
        ],
        segment: [
          '(offset?: integer, length?: integer): data.block|nil',
          'A block over a part of the same bytes; nil where there is none.',
        ],
        sum: [
          '(initial?: integer): integer',
          "The ones' complement sum of the bytes as big-endian words of 16 bits, and of an initial value.",
        ],
        transport: [
          '(): data.block|false|nil, integer?',
          'Of the headers of a packet in a hook: the part with the transport header, and the number of its protocol; false for other blocks.',
        ],
      },
    },
  },
  callbacks: {
    filter: [
      '(hdr: data.block, pld: data.block, pkt: data.block, eth: data.block|nil): boolean|integer|nil',
      'A packet filter: gets the headers of a packet, its payload, its mark and devices, and its link layer; false drops the packet. See [packets](packets.md).',
    ],
  },
}

/** What functions get where processes use an address; IPv4 addresses are integers, those of IPv6 16 bytes. */
const ADDRESS_CALL = '(address: integer|string, port: integer, protocol: integer): boolean|nil'

export const LINUX: LibraryEntry = {
  text: 'What scripts of every hook may ask the system.',
  functions: {
    errname: [
      '(number: integer): string|nil',
      'The name of an error number, such as EPERM; not in the kernel.',
    ],
    ifindex: ['(name: string): integer|nil', "A network interface's number; not in the kernel."],
    random: ['(): integer', '32 random bits.'],
    time: ['(): integer', 'Nanoseconds since boot, with the time of being suspended.'],
  },
  callbacks: {
    bind: [ADDRESS_CALL, 'The hook cgroup/bind4: a socket gets a local address of IPv4; false denies it.'],
    bind6: [ADDRESS_CALL, 'The hook cgroup/bind6: a socket gets a local address of IPv6; false denies it.'],
    connect: [
      ADDRESS_CALL,
      'The hook cgroup/connect4: a connection, or a UDP socket gets a peer of IPv4; false denies it.',
    ],
    connect6: [
      ADDRESS_CALL,
      'The hook cgroup/connect6: a connection, or a UDP socket gets a peer of IPv6; false denies it.',
    ],
    getpeername: [
      ADDRESS_CALL,
      'The hook cgroup/getpeername4: a process asks for the peer of a socket of IPv4.',
    ],
    getpeername6: [
      ADDRESS_CALL,
      'The hook cgroup/getpeername6: a process asks for the peer of a socket of IPv6.',
    ],
    sendmsg: [
      ADDRESS_CALL,
      'The hook cgroup/sendmsg4: a UDP message to an address of its own of IPv4; false denies it.',
    ],
    sendmsg6: [
      ADDRESS_CALL,
      'The hook cgroup/sendmsg6: a UDP message to an address of its own of IPv6; false denies it.',
    ],
    device: [
      '(access: integer, major: integer, minor: integer): boolean|nil',
      'The hook cgroup/device: a device file is opened or made; false denies it.',
    ],
    egress: [
      '(length: integer, protocol: integer, interface: integer): boolean|nil',
      'The hook cgroup/egress: a packet leaves; false drops it.',
    ],
    ingress: [
      '(length: integer, protocol: integer, interface: integer): boolean|nil',
      'The hook cgroup/ingress: a packet arrives; false drops it.',
    ],
    socket: [
      '(family: integer, type: integer, protocol: integer): boolean|nil',
      'The hook cgroup/sock-create: a new socket; false denies it.',
    ],
    sockops: [
      '(event: integer, family: integer, local_port: integer, remote_port: integer)',
      'The hook cgroup/sock-ops: something has happened to a TCP connection.',
    ],
  },
}

export const CTL: LibraryEntry = {
  text: 'The sysctl that a script of the hook cgroup/sysctl is asked about.',
  functions: {
    name: ['(): string|nil', 'Its name, such as net/ipv4/ip_forward; within the hook only.'],
  },
  callbacks: {
    sysctl: [
      '(write: integer, position: integer): boolean|nil',
      'The hook cgroup/sysctl: a sysctl is read (0) or written (1) from a position on; false denies it.',
    ],
  },
}

export const CPUFREQ: LibraryEntry = {
  text: 'Frequencies of processors, in kHz, for scripts of the hook cpufreq.',
  functions: {
    get: ['(cpu: integer): integer|nil', 'The frequency of a processor.'],
    policy: [
      '(cpu: integer): cpufreq.policy|nil',
      "A processor's policy: its limits, frequencies, processors.",
    ],
    target: [
      '(cpu: integer, freq: integer, relation?: string): integer|nil',
      "Sets the lowest frequency at or above freq ('>=', the default) or the highest at or below ('<='); returns it.",
    ],
  },
  classes: {
    'cpufreq.policy': {
      text: 'Processors that share a frequency.',
      fields: {
        name: { type: 'string', text: 'Its name.' },
        driver: { type: 'string', text: 'The driver.' },
        governor: { type: 'string', text: 'The governor.' },
        cpus: { type: 'integer[]', text: 'All of its processors.' },
        cur: { type: 'integer', text: 'The frequency.' },
        min: { type: 'integer', text: 'The lowest frequency that the user allows.' },
        max: { type: 'integer', text: 'The highest frequency that the user allows.' },
        cpuinfo_min: { type: 'integer', text: 'The lowest frequency there is.' },
        cpuinfo_max: { type: 'integer', text: 'The highest frequency there is.' },
        frequencies: {
          type: 'integer[]',
          text: 'All frequencies, the lowest first; empty if the driver takes any.',
        },
        transition_latency: { type: 'integer', text: 'Nanoseconds that a change takes.' },
      },
      methods: {},
    },
  },
  callbacks: {
    throttle: [
      '(cpu: integer, cur: integer, max: integer, min: integer)',
      'Called for each policy in every period, with its first processor, the frequency set last, and the limits.',
    ],
  },
}

export const ACPI: LibraryEntry = {
  text: 'Temperatures.',
  functions: {
    get_temp: ['(cpu: integer): integer|nil', 'Degrees Celsius from the sensor nearest to a processor.'],
  },
}

export const CPU: LibraryEntry = {
  text: 'Processors and their time.',
  functions: {
    online: ['(): integer[]', 'The processors that are switched on.'],
    times: [
      '(cpu: integer): integer|nil, integer?, integer?, integer?, integer?, integer?, integer?, integer?',
      'Nanoseconds in user, nice, system, idle, iowait, irq, softirq and steal; nothing if it is switched off.',
    ],
  },
}
