/** docs/subsystems.md: its code is compiled, and does what the page says. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { root } from './command.fixture.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'

/** Below the package, so that its code can import it by its name. */
const folder = join(root, `dist/walk-through-${process.pid}`)

/** Code blocks whose first line names a file: their texts by these names. */
function codeOf(page: string): Map<string, string> {
  const blocks = page.matchAll(/^```\w+\n(?:\/\/|--) (\S+)\n(.*?)^```$/gms)
  return new Map([...blocks].map(([, name, text]) => [name as string, text as string]))
}

/** Compiles all TypeScript of the folder, strictly. What the compiler complains of. */
function compile(names: readonly string[]): string {
  const program = ts.createProgram(
    names.map((name) => join(folder, name)),
    {
      strict: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      skipLibCheck: true,
    },
  )
  const { diagnostics } = program.emit()
  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  }
  return ts.formatDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics], host)
}

/** Runs a module beside the compiled ones. */
function run(code: string): { out: string; err: string } {
  const file = join(folder, 'run.mjs')
  writeFileSync(file, code)
  const { stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { out: stdout, err: stderr }
}

describe('the walk-through', () => {
  const code = codeOf(readFileSync(join(root, 'docs/subsystems.md'), 'utf8'))
  const script = (name: string) => JSON.stringify(code.get(name))
  beforeAll(() => {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of code) writeFileSync(join(folder, name), text)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is TypeScript without a mistake', () => {
    const names = [...code.keys()].filter((name) => name.endsWith('.ts'))
    expect(names).toEqual(['ports.ts', 'guard.ts', 'web.ts', 'site.ts'])
    expect(compile(names)).toBe('')
  }, 60_000)

  test('a web server in user space', () => {
    const { out, err } = run(`
      import { serve } from './site.js'
      const port = 20000 + (process.pid % 20000)
      const states = await serve(port, ${script('site.lua')})
      const state = await states.open('site')
      const ask = async (path) => {
        const response = await fetch('http://127.0.0.1:' + port + path)
        return [response.status, await response.text()]
      }
      const answers = [await ask('/'), await ask('/secret'), await ask('/nothing')]
      await state.evaluate({ name: 'fail', text: 'web.write = nil' }, () => {})
      answers.push(await ask('/'))
      const { calls, errors, hooks } = await state.describe()
      const { records } = await state.log()
      await states.close()
      console.log(JSON.stringify({ answers, calls, errors, own: hooks[0].own, log: records[0].text.split('\\n')[0] }))
    `)
    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual({
      answers: [
        [200, 'hello from Lua\n'],
        [403, ''],
        [404, ''],
        [500, ''],
      ],
      calls: 4,
      errors: 1,
      own: { requests: 4 },
      log: "site.lua:4: attempt to call a nil value (field 'write')",
    })
  }, 60_000)

  describeInKernel('a hook in the kernel', () => {
    const fixture = new NamedStatesFixture()
    /** Binds ports in the control group: which of them it may have. */
    const bind = (...ports: readonly number[]) =>
      fixture
        .inCgroup(`unshare -n ${process.execPath} -e '
        const { createServer } = require("node:net")
        for (const port of [${ports}]) {
          const server = createServer()
          server.on("error", (error) => console.log(port, error.code))
          server.listen(port, "0.0.0.0", () => { console.log(port, "bound"); server.close() })
        }'`)
        .trim()
        .split('\n')
        .sort()

    test('decides who may listen where, by program and by command', () => {
      const start = run(`
        import { guard } from './guard.js'
        const [, , cgroup, bpffs] = process.argv
        const state = await guard(${JSON.stringify(fixture.cgroup)}, ${script('ports.lua')}, ${JSON.stringify(fixture.bpffs)})
        state.close()
      `)
      expect(start).toEqual({ out: '', err: '' })
      expect(bind(7000, 8000)).toEqual(['7000 EPERM', '8000 bound'])
      fixture.done('eval', 'ports', 'lowest = 9000')
      expect(bind(8000, 9000)).toEqual(['8000 EPERM', '9000 bound'])
      expect(fixture.done('log', 'ports')).toMatch(/refused\t7000\n.*refused\t8000\n/)
      fixture.done('detach', 'ports')
      expect(bind(7000)).toEqual(['7000 bound'])
      const subsystem = join(folder, 'ports.js')
      fixture.done('attach', 'ports', 'ports/bind4', '--subsystem', subsystem, '--cgroup', fixture.cgroup)
      fixture.done('eval', 'ports', 'sockets = nil')
      expect(bind(9500)).toEqual(['9500 EPERM'])
      fixture.done('destroy', 'ports')
      expect(bind(7000)).toEqual(['7000 bound'])
    }, 60_000)
  })
})
