/** Where the examples are. This folder is below dist, too, where no Lua files are. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The checkout. */
export function checkout(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'examples'))) {
    if (folder === dirname(folder)) throw new Error('Cannot find examples: run this in a checkout')
    folder = dirname(folder)
  }
  return folder
}

export const filterScript = () => join(checkout(), 'examples/ssh-filter.lua')
