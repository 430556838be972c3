import { platform } from 'node:os'
import { expect, test } from 'vitest'
import { describeUnless } from '../../test/needs.fixture.ts'
import { CALL_NUMBERS } from './call-numbers.ts'
import { makeNative, nativeSystemCalls, UnsupportedMachine } from './native.ts'
import { MAP, PROT } from './system-calls.ts'

test('machines that are not supported, by name', () => {
  expect(() => makeNative('darwin', 'arm64')).toThrow(UnsupportedMachine)
  expect(() => makeNative('darwin', 'arm64')).toThrow("this is darwin, and eBPF is Linux's")
  expect(() => makeNative('linux', 'riscv64')).toThrow(
    'this machine is riscv64, and only x64 and arm64 are supported',
  )
})

test('the numbers of bpf(2)', () => {
  expect(CALL_NUMBERS.x64?.bpf).toBe(321)
  expect(CALL_NUMBERS.arm64?.bpf).toBe(280)
})

describeUnless(platform() !== 'linux' && 'needs Linux')('system calls', () => {
  const system = nativeSystemCalls()

  test('failures are negative error numbers', () => {
    expect(system.close(-1)).toBe(-9)
    expect(system.munmap(1, 4096)).toBe(-22)
    expect(system.mmap(0, 0, PROT.NONE, MAP.PRIVATE | MAP.ANONYMOUS, -1)).toBe(-22)
    // no command of bpf(2); without privilege, or without bpf(2), the answer is another
    expect([-22, -1, -38]).toContain(system.bpf(0xffff, system.allocate(8)))
  })

  test('memory is zero, and lies where it says', () => {
    for (const size of [1, 8, 4096]) {
      const { address, bytes } = system.allocate(size)
      expect(bytes).toEqual(new Uint8Array(size))
      bytes[size - 1] = 7
      expect(new Uint8Array(system.view(address, size))[size - 1]).toBe(7)
    }
    expect(system.allocate(0).bytes).toHaveLength(0)
  })

  test('mapped memory is live, and shared by its views', () => {
    const flags = MAP.PRIVATE | MAP.ANONYMOUS
    const address = system.mmap(0, 8192, PROT.READ | PROT.WRITE, flags, -1)
    const whole = new Uint32Array(system.view(address, 8192))
    const part = new Uint32Array(system.view(address + 4096, 4096))
    expect(Atomics.add(whole, 1024, 5)).toBe(0)
    expect(Atomics.load(part, 0)).toBe(5)
    expect(system.mmap(address, 4096, PROT.NONE, flags | MAP.FIXED_NOREPLACE, -1)).toBe(-17)
    expect(system.munmap(address, 8192)).toBe(0)
  })

  test('where a mapping has to be', () => {
    const flags = MAP.PRIVATE | MAP.ANONYMOUS | MAP.NORESERVE
    const address = system.mmap(0, 8192, PROT.NONE, flags, -1)
    system.munmap(address, 8192)
    expect(system.mmap(address, 4096, PROT.NONE, flags | MAP.FIXED_NOREPLACE, -1)).toBe(address)
    expect(system.munmap(address, 4096)).toBe(0)
  })
})
