import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,tools,bench,vm}/**/*.test.ts'],
    testTimeout: 120_000,
    reporters: ['default', './tools/skip-reporter.ts'],
  },
})
