/**
 * A process that decides about the packets of a queue of netfilter, with examples/ssh-filter.lua in a state in user
 * space: the way that needs no program in the kernel. Run in a network namespace; it serves the queue 0 until it is killed.
 */
import { readFileSync } from 'node:fs'
import koffi from 'koffi'
import type { KernelHook } from '../../src/hook/subsystem.ts'
import { PacketHook } from '../../src/named/packet-hook.ts'
import { LINK_RAW } from '../../src/packet/link-type.ts'
import { findHook } from '../../src/subsystems/find.ts'
import { filterScript } from './filter-script.ts'
import { bindMessages, queuedPackets, verdictMessage } from './queue-messages.ts'

const QUEUE = 0
const AF_NETLINK = 16
const SOCK_RAW = 3
const NETLINK_NETFILTER = 12
/** A packet of 64 KiB and its attributes. */
const LARGEST_MESSAGE = 72 << 10

const libc = koffi.load(null)
const socket = libc.func('int socket(int domain, int type, int protocol)')
const send = libc.func('long send(int fd, void *bytes, size_t length, int flags)')
const receive = libc.func('long recv(int fd, void *bytes, size_t length, int flags)')

const fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) as number
for (const message of bindMessages(QUEUE))
  if (send(fd, message, message.length, 0) !== message.length) throw new Error('Cannot bind to the queue')

const { hook, subsystem } = findHook('netfilter/local-in')
const judge = new PacketHook({ hook: hook as KernelHook, subsystem })
judge.state.loadSync(readFileSync(filterScript(), 'utf8'), { name: 'ssh-filter.lua' })

function accepts(bytes: Uint8Array): boolean {
  const { kind } = judge.look(0, LINK_RAW, { bytes, start: 0, end: bytes.length })
  return kind !== 'ip' || (judge.ruled(0) ?? judge.judge(0)) !== 'drop'
}

process.stdout.write('ready\n')
const buffer = Buffer.alloc(LARGEST_MESSAGE)
while (true) {
  // an error is the loss of packets that the queue had no room for
  const length = Number(receive(fd, buffer, buffer.length, 0))
  if (length <= 0) continue
  for (const { id, bytes } of queuedPackets(buffer.subarray(0, length))) {
    const verdict = verdictMessage(QUEUE, id, accepts(bytes))
    send(fd, verdict, verdict.length, 0)
  }
}
