import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { initScript, quoted, startScript } from './guest-scripts.ts'

const check = (script: string): string => spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr

test('a word stays one word, whatever is in it', () => {
  const word = "a 'b' $c `d` \\ \n e"
  expect(spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' }).stdout).toBe(word)
})

test('modules are loaded in order, before the file systems that need them', () => {
  const script = initScript({ modules: ['netfs.ko', '9p.ko'], modulesOnHost: '/cache/modules' })
  expect(check(script)).toBe('')
  const places = ["insmod /modules/'netfs.ko'", "insmod /modules/'9p.ko'", 'mount -t 9p', 'switch_root']
  const found = places.map((text) => script.indexOf(text))
  expect(found).toEqual([...found].sort((a, b) => a - b))
  expect(found[0]).toBeGreaterThan(0)
})

test("the host's root file system is mounted read-only", () => {
  expect(initScript({ modules: [], modulesOnHost: '/m' })).toMatch(
    /mount -t 9p -o [^ ]*\bro\b[^ ]* host \/lower$/m,
  )
})

test('a folder is shown over another one', () => {
  const script = initScript({
    modules: [],
    modulesOnHost: '/m',
    cover: { folder: '/tmp/a:b', over: '/work' },
  })
  expect(check(script)).toBe('')
  expect(script).toContain("-o lowerdir='/lower/tmp/a\\:b:/lower/work',upperdir=")
})

test('the command runs where it should, with its environment and modules, and for so long', () => {
  const script = startScript({
    directory: "/it's here",
    environment: { NAME: 'a b' },
    extraModules: ['acpi-cpufreq'],
    timeoutSeconds: 77,
  })
  expect(check(script)).toBe('')
  for (const line of ["cd '/it'\\''s here'", "export NAME='a b'", "modprobe 'acpi-cpufreq'", 'sleep 77'])
    expect(script).toContain(line)
})
