/**
 * Link types of captures: which are understood, and the names of others for messages.
 * Numbers and names: https://www.tcpdump.org/linktypes.html
 */

export const LINK_NULL = 0
export const LINK_ETHERNET = 1
export const LINK_RAW_BSD = 12
export const LINK_RAW_OPENBSD = 14
export const LINK_RAW = 101
export const LINK_LOOP = 108
export const LINK_LINUX_SLL = 113
export const LINK_IPV4 = 228
export const LINK_IPV6 = 229
export const LINK_LINUX_SLL2 = 276

const SUPPORTED = new Set([
  LINK_NULL,
  LINK_ETHERNET,
  LINK_RAW_BSD,
  LINK_RAW_OPENBSD,
  LINK_RAW,
  LINK_LOOP,
  LINK_LINUX_SLL,
  LINK_IPV4,
  LINK_IPV6,
  LINK_LINUX_SLL2,
])

const NAMES: ReadonlyMap<number, string> = new Map([
  [LINK_NULL, 'NULL'],
  [LINK_ETHERNET, 'ETHERNET'],
  [6, 'IEEE802_5'],
  [9, 'PPP'],
  [10, 'FDDI'],
  [LINK_RAW_BSD, 'RAW'],
  [LINK_RAW_OPENBSD, 'RAW'],
  [50, 'PPP_HDLC'],
  [51, 'PPP_ETHER'],
  [LINK_RAW, 'RAW'],
  [104, 'C_HDLC'],
  [105, 'IEEE802_11'],
  [107, 'FRELAY'],
  [LINK_LOOP, 'LOOP'],
  [LINK_LINUX_SLL, 'LINUX_SLL'],
  [117, 'PFLOG'],
  [127, 'IEEE802_11_RADIOTAP'],
  [147, 'USER0'],
  [187, 'BLUETOOTH_HCI_H4'],
  [189, 'USB_LINUX'],
  [195, 'IEEE802_15_4_WITHFCS'],
  [201, 'BLUETOOTH_HCI_H4_WITH_PHDR'],
  [220, 'USB_LINUX_MMAPPED'],
  [227, 'CAN_SOCKETCAN'],
  [LINK_IPV4, 'IPV4'],
  [LINK_IPV6, 'IPV6'],
  [239, 'NFLOG'],
  [247, 'INFINIBAND'],
  [249, 'USBPCAP'],
  [253, 'NETLINK'],
  [254, 'BLUETOOTH_LINUX_MONITOR'],
  [272, 'DSA_TAG_BRCM'],
  [LINK_LINUX_SLL2, 'LINUX_SLL2'],
])

/** Whether packets of this link type can be dissected. */
export function isSupportedLinkType(linkType: number): boolean {
  return SUPPORTED.has(linkType)
}

/** The registered name without its `LINKTYPE_` prefix, or `unregistered` where this table has none. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? 'unregistered'
}
