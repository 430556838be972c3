/**
 * The real system calls: syscall(2) of the C library through koffi. All raw memory of the project is here.
 * koffi is loaded when somebody asks for the calls, so that programs which stay in user space don't pay for it.
 */
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import type * as Koffi from 'koffi'
import { CALL_NUMBERS, type CallNumbers } from './call-numbers.ts'
import type { Memory, SystemCalls } from './system-calls.ts'

/** This machine has no system calls that we know. The message is a reason, for a sentence of the caller. */
export class UnsupportedMachine extends Error {
  override readonly name = 'UnsupportedMachine'
}

/** syscall(2) with six arguments: it returns -1 and sets errno where the call fails. */
type RawCall = (
  number: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
) => number | bigint

/**
 * The attributes of the call under way. It points to further memory by addresses, which the garbage collector
 * doesn't follow; this reference keeps that alive.
 */
const held: { attributes: Memory | undefined } = { attributes: undefined }

/** The level of options that all sockets have, as in asm-generic/socket.h. */
const SOL_SOCKET = 1
/** Of bits/socket.h and sched.h, the same on x86-64 and arm64. */
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0x80000
/** MSG_DONTWAIT and MSG_NOSIGNAL. */
const MSG_NOW = 0x4040
const CLONE_NEWNET = 0x40000000

class NativeCalls implements SystemCalls {
  readonly #koffi: typeof Koffi
  readonly #numbers: CallNumbers
  readonly #raw: RawCall

  constructor(koffi: typeof Koffi, numbers: CallNumbers) {
    this.#koffi = koffi
    this.#numbers = numbers
    const long = Array.from({ length: 7 }, () => 'long')
    this.#raw = koffi.load(null).func('syscall', 'long', long) as unknown as RawCall
  }

  #call(number: number, a: number, b: number, c: number, d = 0, e = 0, f = 0): number {
    const result = Number(this.#raw(number, a, b, c, d, e, f))
    return result === -1 ? -this.#koffi.errno() : result
  }

  bpf(command: number, attributes: Memory): number {
    held.attributes = attributes
    const result = this.#call(this.#numbers.bpf, command, attributes.address, attributes.bytes.length)
    held.attributes = undefined
    return result
  }

  close(fd: number): number {
    return this.#call(this.#numbers.close, fd, 0, 0)
  }

  mmap(address: number, length: number, protection: number, flags: number, fd: number): number {
    return this.#call(this.#numbers.mmap, address, length, protection, flags, fd, 0)
  }

  munmap(address: number, length: number): number {
    return this.#call(this.#numbers.munmap, address, length, 0)
  }

  mount(type: Memory, target: Memory, flags: number, data: Memory): number {
    const { mount } = this.#numbers
    // the source, which is shown only, is the name of the type
    return this.#call(mount, type.address, target.address, type.address, flags, data.address)
  }

  getsockopt(fd: number, option: number, value: Memory, length: Memory): number {
    return this.#call(this.#numbers.getsockopt, fd, SOL_SOCKET, option, value.address, length.address)
  }

  socket(family: number): number {
    return this.#call(this.#numbers.socket, family, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  }

  sendTo(fd: number, data: Memory, address: Memory): number {
    const { sendto } = this.#numbers
    return this.#call(
      sendto,
      fd,
      data.address,
      data.bytes.length,
      MSG_NOW,
      address.address,
      address.bytes.length,
    )
  }

  ioctl(fd: number, request: number, argument: Memory): number {
    return this.#call(this.#numbers.ioctl, fd, request, argument.address)
  }

  setns(fd: number): number {
    return this.#call(this.#numbers.setns, fd, CLONE_NEWNET, 0)
  }

  allocate(size: number): Memory {
    // an ArrayBuffer of its own lies outside of the heap that the garbage collector compacts
    const buffer = new ArrayBuffer(Math.max(size, 1))
    return { address: Number(this.#koffi.address(buffer)), bytes: new Uint8Array(buffer, 0, size) }
  }

  view(address: number, length: number): ArrayBuffer {
    return this.#koffi.view(BigInt(address), length)
  }
}

let native: SystemCalls | undefined

/**
 * The system calls of this machine.
 * @throws UnsupportedMachine where it isn't Linux on x86-64 or arm64, or where koffi has nothing for it.
 */
export function nativeSystemCalls(): SystemCalls {
  native ??= makeNative(platform(), arch())
  return native
}

/** The same for a system and an architecture as Node names them. */
export function makeNative(system: string, architecture: string): SystemCalls {
  if (system !== 'linux') throw new UnsupportedMachine(`this is ${system}, and eBPF is Linux's`)
  const numbers = CALL_NUMBERS[architecture]
  if (numbers === undefined) {
    const known = Object.keys(CALL_NUMBERS).join(' and ')
    throw new UnsupportedMachine(`this machine is ${architecture}, and only ${known} are supported`)
  }
  let koffi: typeof Koffi
  try {
    koffi = createRequire(import.meta.url)('koffi') as typeof Koffi
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new UnsupportedMachine(`the package koffi doesn't load (${reason})`)
  }
  return new NativeCalls(koffi, numbers)
}
