/** What `moonring run --kernel --stats` tells of loading its program. Pure. */

export interface VerifierFigures {
  /** Instructions that the verifier processed. */
  readonly processed: number
  /** Machine code that the kernel made, in units of 1024 bytes; undefined without the kernel's compiler. */
  readonly machineCode: number | undefined
}

/** The figures in the command's output; undefined if there are none. */
export function figuresIn(output: string): VerifierFigures | undefined {
  const find = (pattern: RegExp): number | undefined => {
    const [, digits] = pattern.exec(output) ?? []
    return digits === undefined ? undefined : Number(digits.replaceAll(',', ''))
  }
  const processed = find(/^verifier processed +([\d,]+) instructions/m)
  const machineCode = find(/\b([\d.]+) kB of machine code$/m)
  return processed === undefined ? undefined : { processed, machineCode: machineCode || undefined }
}
