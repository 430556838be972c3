import { afterEach, describe, expect, test, vi } from 'vitest'
import { KernelError, NotAvailable, NotPermitted } from '../kernel/errors.ts'
import { VerifierError } from '../kernel/verifier-error.ts'
import { reportFailure } from './failure.ts'
import { standardError } from './output.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const spec = { instructions: new Uint8Array(8), functions: [], references: [] }

describe('errors of the kernel', () => {
  test.each([
    [new NotPermitted('Cannot x: y', 'use sudo', 'EPERM'), 3, 'M021', 'use sudo'],
    [new NotAvailable('Cannot x: y', 'another kernel'), 4, 'M022', 'another kernel'],
    [new VerifierError('p', spec, 'R1 is bad', 'EACCES'), 1, 'M023', 'report it'],
    [new KernelError('KERNEL', 'Cannot x: y', 'free memory', 'ENOMEM'), 1, 'M024', 'free memory'],
  ])('%s', (error, exit, code, hint) => {
    const written: string[] = []
    vi.spyOn(standardError, 'write').mockImplementation((text) => void written.push(String(text)))
    expect(reportFailure(error)).toBe(exit)
    const text = written.join('')
    expect(text).toContain(`error[${code}]:`)
    expect(text).toContain(error.message)
    expect(text).toContain(`= hint: ${hint === 'report it' ? 'this program' : hint}`)
  })
})
