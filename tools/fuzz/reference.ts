/** Runs generated programs in lua5.4: what they print, and the error they end with. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Name of the chunk, which positions in messages begin with. */
export const CHUNK = 'program'
/** What stands behind the output of each program. */
const MARK = '<end of a program>'
/** Milliseconds for all programs of one process. */
const TIMEOUT = 60_000

/** Line that tells of the error that nothing caught; nothing if there was none. */
export const ending = (error: string | undefined): string =>
  error === undefined ? '' : `uncaught: ${error}\n`

/** Each program is a chunk with a mark behind its output. The prelude sets the globals anew. */
const runner = (folder: string, count: number): string => `
for i = 0, ${count - 1} do
  local file = assert(io.open('${folder}/' .. i .. '.lua'))
  local f, e = load(file:read('a'), '@${CHUNK}')
  file:close()
  if f then
    local fine
    fine, e = pcall(f)
    if fine then e = nil elseif type(e) ~= 'string' then e = 'no text' end
  end
  if e then print('uncaught: ' .. e) end
  io.write('${MARK}')
end`

/**
 * The output of each program, as Latin-1; undefined for all from the first one on that doesn't end.
 * @throws Error without lua5.4
 */
export function runReference(sources: readonly string[]): (string | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'moonring-'))
  try {
    for (const [i, source] of sources.entries()) writeFileSync(join(folder, `${i}.lua`), source)
    const main = join(folder, 'runner.lua')
    writeFileSync(main, runner(folder, sources.length))
    const options = {
      encoding: 'latin1',
      maxBuffer: 1 << 28,
      timeout: TIMEOUT,
      killSignal: 'SIGKILL',
    } as const
    const { stdout, error } = spawnSync('lua5.4', [main], options)
    if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') throw error
    const outputs = stdout.split(MARK).slice(0, -1)
    return sources.map((_, i) => outputs[i])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Floats and addresses differ by design: what comes of one can't be compared. */
export const comparable = (output: string | undefined): output is string =>
  output !== undefined && !/: 0x|float!|number has no integer representation|\d\.\d|\be\+\d/.test(output)
