/**
 * What `npm run fuzz -- --mode NAME` runs. A mode turns a seed into one case, tries it, and says what went wrong. A new
 * mode is a file that exports one, and an entry in the list of `tools/fuzz/modes.ts`.
 */

/** What a mode may use. */
export interface FuzzOptions {
  /** Try the case in the kernel, too, which needs root. */
  readonly kernel: boolean
}

/** A mode that is ready to run. */
export interface FuzzRun {
  /**
   * Tries the case of a seed. The same seed makes the same case. The result is undefined if all is well; otherwise a
   * text for people: the smallest input found, what was expected, what happened instead.
   */
  difference(seed: number): string | undefined | Promise<string | undefined>
  /** Says more at the end: how many cases could be compared, for instance. */
  summary?(): string
  /** Releases what `start` has acquired. */
  close?(): void | Promise<void>
}

export interface FuzzMode {
  readonly name: string
  /** One line for `--help`. */
  readonly about: string
  start(options: FuzzOptions): FuzzRun | Promise<FuzzRun>
}
