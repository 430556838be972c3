/** Passes on what is added to a file, as `tail -f` does. */
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const INTERVAL_MS = 250

/** The file needn't exist yet. `stop` passes on the rest. */
export function followFile(path: string, onText: (text: string) => void): { stop(): void } {
  const decoder = new StringDecoder('utf8')
  const buffer = Buffer.alloc(1 << 16)
  let position = 0
  const poll = (): void => {
    let file: number
    try {
      file = openSync(path, 'r')
    } catch {
      return
    }
    try {
      for (let length = -1; length !== 0; position += length) {
        length = readSync(file, buffer, 0, buffer.length, position)
        if (length > 0) onText(decoder.write(buffer.subarray(0, length)))
      }
    } finally {
      closeSync(file)
    }
  }
  const timer = setInterval(poll, INTERVAL_MS)
  return {
    stop: () => {
      clearInterval(timer)
      poll()
    },
  }
}
