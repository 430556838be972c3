import { platform } from 'node:os'
import { describe, expect, test } from 'vitest'
import { testUnless } from '../../test/needs.fixture.ts'
import { inUserNamespace, missingCapabilities } from './capabilities.ts'
import { startChild } from './child-process.fixture.ts'
import { errnoName, KernelError, NotAvailable, NotPermitted } from './errors.ts'
import { pageSize, pageSizeIn } from './page-size.ts'
import { kernelError } from './system.ts'

const status = (mask: bigint) => () =>
  `Name:\tnode\nCapEff:\t${mask.toString(16).padStart(16, '0')}\nCapBnd:\t0\n`
const WANTED = ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'] as const

describe('capabilities', () => {
  test.each([
    [0n, ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']],
    [1n << 39n, ['CAP_PERFMON', 'CAP_NET_ADMIN']],
    [(1n << 39n) | (1n << 38n) | (1n << 12n), []],
    [1n << 21n, []],
  ])('with %s', (mask, missing) => {
    expect(missingCapabilities(WANTED, status(mask))).toEqual(missing)
  })

  test('CAP_SYS_ADMIN does not stand for what was never part of it', () => {
    expect(missingCapabilities(['CAP_SYS_RESOURCE'], status(1n << 21n))).toEqual(['CAP_SYS_RESOURCE'])
  })

  test('user namespaces', () => {
    expect(inUserNamespace(() => '         0          0 4294967295\n')).toBe(false)
    expect(inUserNamespace(() => '         0       1000          1\n')).toBe(true)
    expect(inUserNamespace(() => undefined)).toBe(false)
  })
})

describe('what failures mean', () => {
  const need = {
    action: 'create map m',
    capabilities: ['CAP_BPF'] as const,
    feature: { name: 'maps of the type arena', since: '6.9' },
  }
  test.each([
    [1, 'NOT_PERMITTED', NotPermitted, 'EPERM'],
    [13, 'NOT_PERMITTED', NotPermitted, 'EACCES'],
    [38, 'NOT_AVAILABLE', NotAvailable, 'ENOSYS'],
    [22, 'NOT_AVAILABLE', NotAvailable, 'EINVAL'],
    [95, 'NOT_AVAILABLE', NotAvailable, 'EOPNOTSUPP'],
    [12, 'KERNEL', KernelError, 'ENOMEM'],
    [7, 'KERNEL', KernelError, 'E2BIG'],
    [16, 'KERNEL', KernelError, 'EBUSY'],
    [524, 'KERNEL', KernelError, 'ENOTSUPP'],
    [999, 'KERNEL', KernelError, 'error 999'],
  ])('error %i', (number, code, type, errno) => {
    const error = kernelError(-number, need)
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code, errno })
    expect(error.message).toMatch(/^Cannot create map m: \S/)
    expect(error.message).toContain(errno === 'ENOSYS' ? 'no bpf(2)' : errno)
    expect(error.hint).not.toBe('')
  })

  test('the version from which on there is what is missing', () => {
    const { message, hint } = kernelError(-22, need)
    expect(message).toBe('Cannot create map m: this kernel lacks maps of the type arena (EINVAL)')
    expect(hint).toMatch(/^run Linux 6\.9 or newer/)
  })

  test('results that are no errors have no name', () => {
    expect([errnoName(0), errnoName(5)]).toEqual(['', ''])
  })
})

test('the page size', () => {
  const vector = new BigUint64Array([3n, 64n, 6n, 16384n, 0n, 0n])
  expect(pageSizeIn(new Uint8Array(vector.buffer))).toBe(16384)
  expect(pageSizeIn(new Uint8Array(7))).toBe(4096)
  expect(pageSize() % 4096).toBe(0)
})

/** The native libraries that a script has loaded when it ends. */
async function librariesOf(script: string): Promise<string> {
  const child = startChild(`${script}
    import { readFileSync } from 'node:fs'
    console.log(readFileSync('/proc/self/maps', 'utf8').match(/\\S+\\.node$/gm)?.join() ?? 'none')`)
  const [out = '', err = ''] = await Promise.all(
    [child.stdout, child.stderr].map(async (stream) => {
      const chunks: string[] = []
      for await (const chunk of stream) chunks.push(String(chunk))
      return chunks.join('')
    }),
  )
  return out + err
}

testUnless(platform() !== 'linux' && 'needs Linux')(
  'koffi is loaded for whoever calls the kernel, and nobody else',
  async () => {
    const imports = `import { HOOKS } from './hooks.ts'\nimport { systemCalls } from './system.ts'`
    expect(await librariesOf(`${imports}\nHOOKS.map(String)`)).toBe('none\n')
    expect(await librariesOf(`${imports}\nsystemCalls()`)).toMatch(/koffi\S*\.node\n$/)
  },
)
