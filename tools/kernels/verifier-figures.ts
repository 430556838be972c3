/** What `moonring run --kernel` tells of loading its program. Pure. */

export interface VerifierFigures {
  /** Instructions that the verifier processed. */
  readonly processed: number
  /** Machine code, in bytes, if it is told. */
  readonly jited: number | undefined
}

const number = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits.replace(/[,_]/g, ''))

/** The figures in the command's output: those of the largest program, if it loads several. */
export function figuresIn(output: string): VerifierFigures | undefined {
  const find = (pattern: RegExp): number | undefined => {
    const found = [...output.matchAll(pattern)].map(([, before, after]) => number(before ?? after) as number)
    return found.length > 0 ? Math.max(...found) : undefined
  }
  const processed = find(/(\d[\d,_]*) (?:instructions )?processed|processed["']?:? ?(\d[\d,_]*)/gi)
  const jited = find(
    /(\d[\d,_]*) bytes (?:of machine code|JITed)|jited(?:Size|Bytes| size)?["']?:? ?(\d[\d,_]*)/gi,
  )
  return processed === undefined ? undefined : { processed, jited }
}
