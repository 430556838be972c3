// Measures the candidates for the representation of Lua values (docs/design/value-representation.md):
//
//     node bench/values/run.mjs [--orders 5] [--rounds 7]
//
// One process per order of handlers; in each, medians of interleaved rounds. A time is the median over the
// orders of those medians, a ratio the median of the ratios within an order, with the extremes.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countAccesses } from './accesses.mjs'
import { build, OPS, VARIANTS } from './build.mjs'
import { PROGRAMS, SPLIT } from './programs.mjs'

const MEASURE = fileURLToPath(new URL('./measure.mjs', import.meta.url))
const { values: options } = parseArgs({
  options: { orders: { type: 'string', default: '5' }, rounds: { type: 'string', default: '7' } },
})

const print = (text) => process.stdout.write(`${text}\n`)

function printTable(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  for (const row of rows)
    print(row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '))
  print('')
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

const geometricMean = (values) => Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length)
const timeOf = (orders, name, column) => median(orders.map((o) => o[name][column]))
const ratiosOf = (orders, name, column, to, toName = name) =>
  orders.map((o) => o[name][column] / o[toName][to]).sort((a, b) => a - b)
const showRatio = (r) => `${median(r).toFixed(2)} (${r[0].toFixed(2)}…${r.at(-1).toFixed(2)})`

function printTimes(orders) {
  const pairs = ['S/W', 'S/Ws', 'S/Wc', 'L/W', 'Ws/W', 'Wc/W', 'Wb/W', 'W/lua', 'S/lua'].map((p) =>
    p.split('/'),
  )
  const rows = [
    ['milliseconds, ratios', 'lua5.4', ...Object.keys(VARIANTS), ...pairs.map((p) => p.join('/'))],
  ]
  for (const name of Object.keys(PROGRAMS)) {
    const times = ['lua', ...Object.keys(VARIANTS)].map((c) => timeOf(orders, name, c).toFixed(1))
    rows.push([name, ...times, ...pairs.map(([c, to]) => showRatio(ratiosOf(orders, name, c, to)))])
  }
  const means = pairs.map(([c, to]) =>
    showRatio(
      orders
        .map((o) => geometricMean(Object.keys(PROGRAMS).map((n) => o[n][c] / o[n][to])))
        .sort((a, b) => a - b),
    ),
  )
  rows.push(['geometric mean', '', ...Object.keys(VARIANTS).map(() => ''), ...means])
  printTable(rows)
}

function printSplit(orders) {
  const fused = {
    'fib(30), split': 'fib(30)',
    'while loop, split': 'while loop, 10M',
    'while loop, turned': 'while loop, 10M',
  }
  const rows = [['compare and jump', 'W ms', 'S ms', 'W / fused', 'S / fused']]
  for (const name of Object.keys(SPLIT)) {
    const times = ['W', 'S'].map((c) => timeOf(orders, name, c).toFixed(1))
    rows.push([
      name,
      ...times,
      ...['W', 'S'].map((c) => showRatio(ratiosOf(orders, name, c, c, fused[name]))),
    ])
  }
  printTable(rows)
}

async function printAccesses() {
  const variants = ['W', 'Ws', 'Wc', 'S', 'L']
  const counts = {}
  for (const v of variants) counts[v] = countAccesses(await build(VARIANTS[v]), { ...PROGRAMS, ...SPLIT })
  const rows = [['loads + stores', ...variants]]
  const show = (c) => `${c.loads.toFixed(1)} + ${c.stores.toFixed(1)}`
  for (const op of OPS) if (counts.W.has(op)) rows.push([op, ...variants.map((v) => show(counts[v].get(op)))])
  printTable(rows)
}

const orders = []
for (let seed = 0; seed < Number(options.orders); seed++) {
  process.stderr.write(`order ${seed + 1} of ${options.orders}\n`)
  orders.push(JSON.parse(execFileSync('node', [MEASURE, String(seed), options.rounds], { encoding: 'utf8' })))
}
printTimes(orders)
printSplit(orders)
await printAccesses()
const sizes = [['optimized WebAssembly', 'bytes']]
for (const [name, variant] of Object.entries(VARIANTS))
  sizes.push([name, String((await build(variant)).length)])
printTable(sizes)
