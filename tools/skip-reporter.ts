/** The end of `npm test`: which tests were skipped, and why. A reporter of vitest, named in vitest.config.ts. */
import { relative } from 'node:path'
import process from 'node:process'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { describeSkips, type SkippedTest } from './ci-totals/skips.ts'

export default class SkipReporter implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // a pattern of names skips what it doesn't match: that is no news
    if (this.#vitest?.config.testNamePattern !== undefined) return
    process.stdout.write(`\n${describeSkips(modules.flatMap(skippedIn))}`)
  }
}

function skippedIn(module: TestModule): SkippedTest[] {
  return [...module.children.allTests('skipped')].map((test) => {
    const titles = [test.name]
    for (let at = test.parent; at.type === 'suite'; at = at.parent) titles.unshift(at.name)
    const result = test.result()
    const note = result.state === 'skipped' ? result.note : undefined
    return { file: relative(process.cwd(), module.moduleId), titles, note }
  })
}
