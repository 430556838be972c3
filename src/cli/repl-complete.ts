/** Tab completion in an interactive session: globals, and fields of tables in globals. */

import type { Field } from '../named/fields.ts'

/** The last name of a line, with the names before it: `string.re`, `t.a.`, `s:up`. */
const LAST_NAME = /((?:[A-Za-z_]\w*[.:])*)([A-Za-z_]\w*)?$/

/** Other keys of tables can't be typed like this, and a terminal might obey them. */
const NAME = /^[A-Za-z_]\w*$/

/**
 * What could stand at the end of the line, and which part of it that would replace, as node:readline asks.
 * @param fieldsOf the fields of the global at a path
 */
export async function completeName(
  fieldsOf: (path: string) => Promise<readonly Field[]>,
  line: string,
): Promise<[candidates: string[], part: string]> {
  const [, path = '', start = ''] = LAST_NAME.exec(line) ?? []
  const part = path + start
  if (part === '') return [[], part]
  const fields = await fieldsOf(path === '' ? '_G' : path.slice(0, -1).replaceAll(':', '.'))
  const candidates = fields
    .filter(
      ({ name, callable }) => NAME.test(name) && name.startsWith(start) && (callable || !path.endsWith(':')),
    )
    .map(({ name }) => path + name)
    .sort()
  return [[...new Set(candidates)], part]
}
