/** Scripts that real packets meet: named states, attached in a network namespace as people do it. */
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Namespace } from '../tools/network/network.ts'
import { root } from './command.fixture.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

interface ScriptFigures {
  readonly calls: number
  readonly errors: number
  readonly fallbacks: number
  readonly hooks: readonly { readonly calls: number; readonly fallbacks: Readonly<Record<string, number>> }[]
}

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
  figures(): ScriptFigures {
    return JSON.parse(this.#states.done('show', this.#name, '--json'))
  }

  /**
   * The script has been called, without a failure, for all packets but those that found the state busy, or ran out of
   * time: few, since a machine may lose its processor for longer than hooks wait, or a call may take. Number of calls.
   */
  expectServed(): number {
    const { calls, hooks } = this.figures()
    for (const { calls, fallbacks } of hooks) {
      const { contended = 0, deadline = 0, ...failures } = fallbacks
      expect(Object.entries(failures).filter(([, count]) => count > 0)).toEqual([])
      expect(contended + deadline).toBeLessThan(calls / 20)
    }
    return calls
  }

  destroy(): void {
    this.#states.done('destroy', this.#name)
  }
}
