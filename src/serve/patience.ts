/** How long a server and its clients wait for each other, in milliseconds; docs/safety.md has the table of it all. */

export interface Patience {
  /** For the end of a line that has begun to come, and for the last bytes to be read by a client that sends no more. */
  readonly line: number
  /** For the greeting of a server. */
  readonly greeting: number
  /** For the answer to a request that runs no script. */
  readonly answer: number
}

export const PATIENCE: Patience = { line: 30_000, greeting: 10_000, answer: 30_000 }
