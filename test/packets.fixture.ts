/** Scripts that real packets meet: named states, attached in a network namespace as people do it. */
import { join } from 'node:path'
import type { Namespace } from '../tools/network/network.ts'
import { root } from './command.fixture.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

export class PacketScripts {
  readonly #states = new NamedStatesFixture()

  /** Makes a state with an example in it. */
  load(name: string, example: string): AttachedScript {
    this.#states.done('create', name, '--kernel')
    this.#states.done('load', name, join(root, 'examples', example))
    return new AttachedScript(this.#states, name)
  }
}

export class AttachedScript {
  readonly #states: NamedStatesFixture
  readonly #name: string

  constructor(states: NamedStatesFixture, name: string) {
    this.#states = states
    this.#name = name
  }

  attach(namespace: Namespace, hook: string, ...options: string[]): void {
    this.#states.done('attach', this.#name, hook, '--netns', namespace.name, ...options)
  }

  detach(): void {
    this.#states.done('detach', this.#name)
  }

  /** Executes code in the state; what it prints. */
  evaluate(code: string): string {
    return this.#states.done('eval', this.#name, code)
  }

  /** What the script has printed, and its errors. */
  log(): string {
    return this.#states.done('log', this.#name)
  }

  /** Figures of its hooks, summed up, and of each. */
  figures(): {
    calls: number
    errors: number
    fallbacks: number
    hooks: readonly { calls: number; fallbacks: Readonly<Record<string, number>> }[]
  } {
    return JSON.parse(this.#states.done('show', this.#name, '--json'))
  }

  destroy(): void {
    this.#states.done('destroy', this.#name)
  }
}
