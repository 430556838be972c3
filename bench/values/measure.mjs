// One process of the benchmark (run.mjs starts several): builds all variants with one order of handlers,
// measures every program in every variant and in lua5.4, interleaved, and prints the medians as JSON.
// Arguments: seed of the order, rounds. Times are CPU time, as os.clock gives for lua5.4: other load on
// the machine disturbs them least.
import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { build, VARIANTS } from './build.mjs'
import { runProgram } from './machine.mjs'
import { CHECKS, PROGRAMS, SPLIT } from './programs.mjs'

const [seed = 0, rounds = 7] = process.argv.slice(2).map(Number)

/** CPU milliseconds and result of the Lua program in lua5.4. */
function runLua({ lua, call }) {
  const text = `${lua} local t = os.clock() local r = ${call} print(r, os.clock() - t)`
  const [result, seconds] = execFileSync('lua5.4', ['-e', text], { encoding: 'utf8' }).split('\t')
  return { result: BigInt(result), ms: Number(seconds) * 1000 }
}

/** Which variants run a program: the split ones only the two candidates. */
const variantsOf = (name) => (name in SPLIT ? ['W', 'S'] : Object.keys(VARIANTS))

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function check(machines) {
  for (const [name, program] of Object.entries({ ...PROGRAMS, ...SPLIT, ...CHECKS })) {
    const { result } = runLua(program)
    for (const [variant, vm] of Object.entries(machines)) {
      const ours = runProgram(vm, program).result
      if (ours !== result) throw new Error(`${name}: ${variant} gives ${ours}, lua5.4 ${result}`)
    }
  }
}

async function measure() {
  const machines = {}
  for (const [name, variant] of Object.entries(VARIANTS))
    machines[name] = new WebAssembly.Instance(new WebAssembly.Module(await build(variant, seed))).exports
  check(machines)
  await setTimeout(300) // the optimizing compiler works in the background
  const programs = { ...PROGRAMS, ...SPLIT }
  const samples = {}
  for (let round = 0; round < rounds; round++)
    for (const [name, program] of Object.entries(programs)) {
      samples[name] ??= {}
      const row = samples[name]
      const add = (column, ms) => {
        row[column] = [...(row[column] ?? []), ms]
      }
      add('lua', runLua(program).ms)
      for (const variant of variantsOf(name)) add(variant, runProgram(machines[variant], program).ms)
    }
  for (const row of Object.values(samples)) for (const column in row) row[column] = median(row[column])
  process.stdout.write(JSON.stringify(samples))
}

await measure()
