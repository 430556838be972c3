/**
 * What Moonring asks of the operating system beyond Node's own modules: the system calls behind maps, programs
 * and their memory. `native.ts` does it for real; tests put something else in its place.
 *
 * Results are those of system calls: 0 or more, or a negative error number (`-EPERM`).
 */

/** Bytes that don't move, with the address at which the kernel finds them. They live while this object does. */
export interface Memory {
  readonly address: number
  readonly bytes: Uint8Array
}

export interface SystemCalls {
  /** bpf(2). The size of the attributes is that of the memory. */
  bpf(command: number, attributes: Memory): number
  close(fd: number): number
  /** mmap(2) from the start of a file, or of no file (fd -1). The result is the address. */
  mmap(address: number, length: number, protection: number, flags: number, fd: number): number
  munmap(address: number, length: number): number
  /** mount(2) of a file system that has no device. Strings end with a zero byte. */
  mount(type: Memory, target: Memory, flags: number, data: Memory): number
  /** getsockopt(2) of a socket itself. `length` holds the size of the value, 4 bytes, and then how much was written. */
  getsockopt(fd: number, option: number, value: Memory, length: Memory): number
  /** socket(2) for datagrams, of an address family: AF. */
  socket(family: number): number
  /** sendto(2): one datagram to an address, a `sockaddr` of the socket's family. It doesn't wait for room. */
  sendTo(fd: number, data: Memory, address: Memory): number
  /** ioctl(2) with something that it reads and writes. */
  ioctl(fd: number, request: number, argument: Memory): number
  /** setns(2): moves this thread into a network namespace. */
  setns(fd: number): number
  /** New bytes, all zero. */
  allocate(size: number): Memory
  /** The bytes at an address, live. They must stay mapped for as long as anybody can reach the result. */
  view(address: number, length: number): ArrayBuffer
}

/** Protections and flags of mmap(2), which are the same on x86-64 and arm64. */
export const PROT = { NONE: 0, READ: 1, WRITE: 2 } as const
export const MAP = {
  SHARED: 0x01,
  PRIVATE: 0x02,
  FIXED: 0x10,
  ANONYMOUS: 0x20,
  NORESERVE: 0x4000,
  POPULATE: 0x8000,
  FIXED_NOREPLACE: 0x100000,
} as const

/** Families of addresses: bits/socket.h, the same on x86-64 and arm64. */
export const AF = { UNIX: 1, INET: 2 } as const

/** Options of sockets: include/uapi/asm-generic/socket.h of Linux, the same on x86-64 and arm64. */
export const SO = { PEERCRED: 17, PEERGROUPS: 59 } as const
