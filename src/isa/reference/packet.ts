/** The module `packet` (vm/lua/packet.lua): layouts of protocols and helpers for scripts that see packets. */
import type { LibraryEntry } from './entry.ts'

export const PACKET: LibraryEntry = {
  text: 'Layouts of protocols, and helpers for scripts that see packets; see [packets](packets.md).',
  module: true,
  functions: {
    address: [
      '(text: string): integer|string',
      'An IPv4 address as an integer, an IPv6 address as a string of 16 bytes; raises for other texts.',
    ],
    block: [
      '(options: table): table',
      'A rule that drops what matches: proto, sport, dport, port, saddr, daddr, ethertype, mark, in, out, final, apply.',
    ],
    checksums: [
      '(hdr: data.block, pld?: data.block)',
      'Computes all checksums of the packet anew, from its bytes.',
    ],
    extensions: [
      '(hdr: data.block): function',
      'Iterates over the extension headers of an IPv6 packet: type, and a segment with the layout extension or fragment.',
    ],
    format: [
      '(address: integer|string): string',
      'The text of an address: of the low 32 bits of an integer, of 16 bytes, or of 6 bytes of Ethernet.',
    ],
    group: [
      '(options: table): table',
      'A list of rules for packets that match its options, asked if none of the rules before it matches.',
    ],
    network: [
      '(hdr: data.block): data.block|nil',
      'Gives hdr the layout ip or ip6, by its version, and returns it; nil if it is neither.',
    ],
    pass: ['(options: table): table', 'A rule that accepts what matches; its options are those of block.'],
    question: [
      '(pld?: data.block): string|nil, integer?, integer?, integer?',
      'Name, type and class of the first question of a DNS message, and the offset behind it; nil if it is not whole.',
    ],
    redirect: ['(ifindex: integer): integer', 'The verdict that sends the packet out of another device.'],
    reply: [
      '(hdr: data.block, eth?: data.block)',
      'Swaps the addresses and ports of the packet, so that it goes back to its sender; checksums stay right.',
    ],
    rules: [
      '(list: table): table',
      'A packet filter as in npf.conf(5): rules, groups and default = "pass" or "block"; see [rules](packet-rules.md).',
    ],
    server_name: [
      '(pld?: data.block): string|nil',
      'The name of the server that a TLS client hello asks for, if it is in this payload.',
    ],
    set_destination: [
      '(hdr: data.block, address?: integer|string, port?: integer): boolean',
      'Sets the destination and keeps the checksums right; false if the packet has no such field.',
    ],
    set_source: [
      '(hdr: data.block, address?: integer|string, port?: integer): boolean',
      'Sets the source and keeps the checksums right; false if the packet has no such field.',
    ],
    transport: [
      '(hdr: data.block): data.block|nil, string|integer',
      'The transport header, with its layout, and the name of its protocol, or the number of one without a layout.',
    ],
  },
  values: {
    layouts: {
      type: 'table<string, data.layout>',
      text: 'Layouts of ethernet, vlan, arp, ip, ip6, extension, fragment, tcp, udp, sctp, icmp, icmp6, dns.',
    },
    tx: { type: 'integer', text: 'The verdict that sends the packet back out of the same device.' },
  },
}
