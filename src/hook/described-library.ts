/** Libraries that come with Moonring: their functions are described in src/isa/reference, where editors and docs look, too. */
import { REFERENCE } from '../isa/reference/index.ts'
import { defineLibrary, type Library, type LibraryFunction } from './subsystem.ts'

/** Who serves a function. */
type Served = Pick<LibraryFunction, 'user' | 'kernel'>

/** A library with what the reference says of its functions. */
export function describedLibrary(
  name: keyof typeof REFERENCE,
  served: Readonly<Record<string, Served>>,
): Library {
  const described = REFERENCE[name]?.functions ?? {}
  const functions = Object.entries(served).map(([field, by]) => {
    const [signature = '', summary = ''] = described[field] ?? []
    return [field, { signature: `${name}.${field}${signature}`, summary, ...by }] as const
  })
  return defineLibrary({ name, functions: Object.fromEntries(functions) })
}
