/**
 * A generated program as a tree of statements, so that it can be printed and made smaller
 * (tools/fuzz/shrink.ts) without parsing it again.
 */

/** A statement on a line of its own, or one that holds others. */
export type Node = string | Compound

/** `head body head body … end`: one part for each block of the statement. */
export interface Compound {
  readonly parts: readonly Part[]
  readonly end: string
}

export interface Part {
  readonly head: string
  readonly body: readonly Node[]
}

/** A statement with one block. */
export const compound = (head: string, body: readonly Node[], end = 'end'): Compound => ({
  parts: [{ head, body }],
  end,
})

/** The text of statements, each on lines of its own. */
export function render(nodes: readonly Node[], indent = ''): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return `${indent}${node}\n`
      const parts = node.parts.map(({ head, body }) => `${indent}${head}\n${render(body, `${indent}  `)}`)
      return `${parts.join('')}${indent}${node.end}\n`
    })
    .join('')
}
