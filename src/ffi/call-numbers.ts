/** The numbers of system calls, by the machine's architecture as Node names it. */

export interface CallNumbers {
  readonly bpf: number
  readonly close: number
  readonly mmap: number
  readonly munmap: number
  readonly mount: number
  readonly getsockopt: number
  readonly socket: number
  readonly sendto: number
  readonly ioctl: number
  readonly setns: number
}

/** From arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux. */
export const CALL_NUMBERS: Readonly<Record<string, CallNumbers>> = {
  x64: {
    bpf: 321,
    close: 3,
    mmap: 9,
    munmap: 11,
    mount: 165,
    getsockopt: 55,
    socket: 41,
    sendto: 44,
    ioctl: 16,
    setns: 308,
  },
  arm64: {
    bpf: 280,
    close: 57,
    mmap: 222,
    munmap: 215,
    mount: 40,
    getsockopt: 209,
    socket: 198,
    sendto: 206,
    ioctl: 29,
    setns: 268,
  },
}
