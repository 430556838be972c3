/** The order in which modules are loaded. Pure. */
import { KernelsError } from './unavailable.ts'

/** Names as the kernel compares them: `-` and `_` are the same. */
const nameOf = (path: string): string =>
  (path.split('/').at(-1) as string).replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_')

/**
 * Paths of the modules and of all that they need, what is needed first. Names that are built into the kernel are
 * left out.
 * @param names such as `9pnet_virtio`
 * @param dependencies the text of modules.dep: `path: path…`, a line for each module
 * @param builtin the text of modules.builtin: a path a line
 * @throws KernelsError if the kernel has no such module
 */
export function loadOrder(names: readonly string[], dependencies: string, builtin: string): string[] {
  const modules = new Map<string, { path: string; needs: string[] }>()
  for (const line of dependencies.split('\n')) {
    const [path, needs = ''] = line.split(':')
    if (path) modules.set(nameOf(path), { path, needs: needs.split(' ').filter((name) => name !== '') })
  }
  const inKernel = new Set(builtin.split('\n').map(nameOf))
  const order = new Set<string>()
  const add = (name: string): void => {
    const module = modules.get(nameOf(name))
    if (module === undefined) {
      if (inKernel.has(nameOf(name))) return
      throw new KernelsError(
        1,
        'KERNELS_NO_MODULE',
        `Cannot load ${name}: the kernel has no such module`,
        'Leave it out, or choose another kernel.',
      )
    }
    for (const need of module.needs) add(need)
    order.add(module.path)
  }
  for (const name of names) add(name)
  return [...order]
}
