/**
 * Runs every script of test/lua in the reference implementation (lua5.4) and in Moonring's user-space
 * state, and compares what they print and the error they end with. The scripts avoid what differs by
 * design: floats, io, os, addresses and the order of pairs.
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Scripts of this area end with an error that nothing catches; all others end without one. */
const UNCAUGHT = 'errors-uncaught'
/** Instructions or so that a script may run: enough for all, and an endless loop still ends. */
const FUEL = 1_000_000_000
/** lua5.4 is killed after this many milliseconds. */
const TIMEOUT = 20_000

const corpus = join(dirname(fileURLToPath(import.meta.url)), 'lua')

/** What a script printed, and the message it ended with, without traceback. Bytes as Latin-1. */
interface Outcome {
  readonly output: string
  readonly error: string | undefined
}

/** The part of the public interface that is used here. */
interface Moonring {
  readonly State: {
    create(options: { fuel: number; output: (bytes: Uint8Array) => void }): Promise<{
      load(source: string, options: { name: string }): Promise<unknown>
      close(): void
    }>
  }
}

const runReference = (folder: string, file: string): Outcome => {
  const { stdout, stderr, status, error } = spawnSync('lua5.4', [file], {
    cwd: folder,
    encoding: 'latin1',
    timeout: TIMEOUT,
  })
  if (error !== undefined) throw error
  if (status === 0) return { output: stdout, error: undefined }
  const message = stderr.replace(/^lua5\.4: /, '').replace(/\nstack traceback:\n[\s\S]*$/, '')
  return { output: stdout, error: message.trimEnd() }
}

/** The message of a raised error as lua(1) shows it: the Lua value, or the text of a compile error. */
const messageOf = (error: unknown): string => {
  const { value, message } = error as { value?: unknown; message?: string }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return String(value ?? message)
}

const runMoonring = async (folder: string, file: string): Promise<Outcome> => {
  const entry: string = '../src/index.ts'
  const { State } = (await import(/* @vite-ignore */ entry)) as Moonring
  const printed: Uint8Array[] = []
  const state = await State.create({ fuel: FUEL, output: (bytes) => printed.push(bytes.slice()) })
  const finish = (error: string | undefined): Outcome => ({
    output: Buffer.concat(printed).toString('latin1'),
    error,
  })
  try {
    await state.load(readFileSync(join(folder, file), 'utf8'), { name: file })
    return finish(undefined)
  } catch (error) {
    return finish(messageOf(error))
  } finally {
    state.close()
  }
}

const installed = spawnSync('lua5.4', ['-v']).error === undefined
const areas = readdirSync(corpus).sort()

if (process.env.CI !== undefined)
  test('lua5.4 is installed where CI runs', () => {
    expect(installed, 'apt install lua5.4').toBe(true)
  })

describe.each(areas)('%s', (area) => {
  const folder = join(corpus, area)
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.lua'))
    .sort()
  test.for(files)('%s', async (file, { skip }) => {
    if (!installed) skip('lua5.4 is not installed')
    const reference = runReference(folder, file)
    expect(reference.error === undefined, reference.error).toBe(area !== UNCAUGHT)
    expect(await runMoonring(folder, file)).toEqual(reference)
  })
})
