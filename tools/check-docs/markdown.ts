/** What the check of the documents needs of Markdown: code, in line or as a block, and link targets. */

/** A piece of a document, with the line that its text starts on. */
export interface Piece {
  readonly line: number
  readonly text: string
}

export interface CodeBlock extends Piece {
  /** The word after the fence; empty for indented blocks. */
  readonly language: string
  /** The comment in the line above the block. */
  readonly note?: string | undefined
}

export interface Markdown {
  readonly inline: readonly Piece[]
  readonly blocks: readonly CodeBlock[]
  /** Targets of links, without fragment; links to other sites are left out. */
  readonly links: readonly Piece[]
}

const FENCE = /^ *```(.*)$/

/** Reads a document. Indented code is told from list items by four spaces after an empty line. */
export function readMarkdown(text: string): Markdown {
  const inline: Piece[] = []
  const blocks: CodeBlock[] = []
  const links: Piece[] = []
  let block:
    | { line: number; language: string; lines: string[]; fenced: boolean; note: string | undefined }
    | undefined
  const end = (): void => {
    if (block) {
      const { lines, line, language, note } = block
      blocks.push({ line, language, text: lines.join('\n'), note })
    }
    block = undefined
  }
  let before = ''
  /** The last line that isn't empty. */
  let above = ''
  const note = () => /^<!-- (.*) -->$/.exec(above)?.[1]
  text.split('\n').forEach((content, i) => {
    const fence = FENCE.exec(content)
    if (fence && block?.fenced) end()
    else if (block?.fenced) block.lines.push(content)
    else if (fence) {
      end()
      block = { line: i + 2, language: String(fence[1]), lines: [], fenced: true, note: note() }
    } else if (/^ {4}/.test(content) && (block || before === '')) {
      block ??= { line: i + 1, language: '', lines: [], fenced: false, note: note() }
      block.lines.push(content.slice(4))
    } else {
      end()
      for (const [, code] of content.matchAll(/`([^`]+)`/g)) inline.push({ line: i + 1, text: String(code) })
      for (const [, target] of content.matchAll(/\]\(([^)#\s,[\]]+)[^)\s]*\)/g))
        if (!/^[a-z]+:/.test(String(target))) links.push({ line: i + 1, text: String(target) })
    }
    before = content.trim()
    if (before !== '') above = before
  })
  end()
  return { inline, blocks, links }
}
