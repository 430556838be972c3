/** Programs in the kernel: a filter written by hand, and scripts of Moonring. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPinnedProgram } from '../../src/kernel/pin.ts'
import type { RunTimes } from '../../src/kernel/program.ts'
import type { Contender, Place } from './contender.ts'
import { checkout } from './filter-script.ts'

export const assembled: Contender = {
  name: 'eBPF by hand',
  missing: () => undefined,
  async start({ middle }) {
    const service = middle.start(process.execPath, `${import.meta.dirname}/hold-filter.js`)
    await service.said(/ready/)
    return {
      async runTimes() {
        service.out = ''
        service.child.stdin?.write('\n')
        const [line] = await service.said(/^{.*}$/m)
        return JSON.parse(line) as RunTimes
      },
      async stop() {
        service.child.stdin?.end()
        await service.ended
      },
    }
  },
}

const STATE = 'bench'

/** A script of the checkout in a named state. `attachments` are what `moonring attach` gets after the state's name. */
export class MoonringContender implements Contender {
  readonly name: string
  readonly #script: string
  readonly #attachments: (place: Place) => readonly (readonly string[])[]
  #bpffs: string | undefined

  constructor(name: string, script: string, attachments: (place: Place) => readonly (readonly string[])[]) {
    this.name = name
    this.#script = join(checkout(), script)
    this.#attachments = attachments
  }

  missing(): string | undefined {
    const { stdout } = this.#run('attach', '--help')
    return stdout.includes('--netns') ? undefined : 'this checkout attaches nothing to packets'
  }

  #run(...args: string[]) {
    const env = { ...process.env, ...(this.#bpffs && { MOONRING_BPFFS: this.#bpffs }) }
    return spawnSync(join(checkout(), 'bin/moonring'), args, { encoding: 'utf8', env })
  }

  #done(...args: string[]): void {
    const { status, stderr } = this.#run(...args)
    if (status !== 0) throw new Error(`moonring ${args.join(' ')}: ${stderr}`)
  }

  #create(): void {
    if (this.#bpffs !== undefined) return
    this.#bpffs = mkdtempSync(join(tmpdir(), 'moonring-bench-'))
    this.#done('create', STATE, '--kernel')
    this.#done('load', STATE, this.#script)
  }

  start(place: Place) {
    this.#create()
    for (const attachment of this.#attachments(place))
      this.#done('attach', STATE, ...attachment, '--netns', place.middle.name)
    return {
      runTimes: () => this.#runTimes(),
      stop: () => this.#done('detach', STATE),
    }
  }

  #runTimes(): RunTimes {
    const folder = join(this.#bpffs as string, 'moonring', STATE)
    const times = readdirSync(folder)
      .filter((name) => name.startsWith('program-'))
      .map((name) => {
        using program = openPinnedProgram(join(folder, name))
        return program.runTimes()
      })
    return {
      runs: times.reduce((sum, { runs }) => sum + runs, 0),
      nanoseconds: times.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0),
    }
  }

  close(): void {
    if (this.#bpffs === undefined) return
    this.#run('destroy', STATE)
    spawnSync('umount', [this.#bpffs])
    rmdirSync(this.#bpffs)
  }
}
