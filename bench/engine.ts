/**
 * What the benchmark runner needs of a Lua implementation. Every engine runs the same file of bench/lua:
 * it loads the file once, as a function, and calls that function again and again.
 */

/** One run of a benchmark: the time of the call in milliseconds, without loading, and what it printed. */
export interface Run {
  readonly ms: number
  readonly output: string
}

/** A benchmark loaded into an engine. */
export interface Session {
  /** Collects garbage, then runs the benchmark once. Rejects when the script raises. */
  run(): Promise<Run>
  close(): Promise<void>
}

export interface Engine {
  readonly name: string
  /** Undefined when the engine can be used, else why it can't and what to install. */
  available(): Promise<string | undefined>
  /** Loads a file. Rejects with a one-line reason when the engine can't compile it. */
  open(file: string): Promise<Session>
}

/**
 * The benchmark as a global function `BENCH`, for engines that run in this process. It stays on the
 * first line, so that line numbers are the file's.
 */
export const asFunction = (source: string): string => `function BENCH(...) ${source}\nend`

/** Lua code that makes `print` collect its text, and `OUTPUT()` return and clear it. */
export const COLLECT_OUTPUT = `
local rows = {}
function print(...)
  local row = table.pack(...)
  for i = 1, row.n do row[i] = tostring(row[i]) end
  rows[#rows + 1] = table.concat(row, '\\t') .. '\\n'
end
function OUTPUT()
  local text = table.concat(rows)
  rows = {}
  return text
end`

/**
 * Calls `work` and returns the processor time that this process used for it, in milliseconds: the clock
 * that os.clock gives the engines that are programs, so that a busy machine slows neither more.
 */
export const processorTime = async (work: () => unknown): Promise<number> => {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** The first line of what went wrong. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
