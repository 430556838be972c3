// Counts the memory accesses of each operation: instruments the optimized WebAssembly (binaryen's pass
// instrument-memory calls an import at every load and store), runs programs one instruction at a time, and
// averages by opcode. Fetching the instruction itself (op, A, B, C, D) counts too, and is the same for all.
import binaryen from 'binaryen'
import { OPS } from './build.mjs'
import { loadProgram } from './machine.mjs'

const PC = 0x40
const STEPS = 4000

/** An instance of the module whose loads and stores are added to `count`. */
function instrument(wasm, count) {
  const module = binaryen.readBinary(wasm)
  module.runPasses(['instrument-memory'])
  const binary = module.emitBinary()
  module.dispose()
  const hooks = {
    get: (_, name) =>
      name === 'load_ptr' || name === 'store_ptr'
        ? (_id, _bytes, _offset, address) => {
            count[name === 'load_ptr' ? 'loads' : 'stores']++
            return address
          }
        : (_id, value) => value,
  }
  const compiled = new WebAssembly.Module(binary)
  const imports = {}
  for (const { module: from } of WebAssembly.Module.imports(compiled)) imports[from] = new Proxy({}, hooks)
  return new WebAssembly.Instance(compiled, imports).exports
}

/** Runs `fuel` instructions; returns the accesses. */
function step(vm, count, fuel) {
  count.loads = 0
  count.stores = 0
  vm.run(fuel)
  return { loads: count.loads, stores: count.stores }
}

/**
 * Mean loads and stores of each operation that the programs execute.
 * The variant must charge fuel exactly. Returns a map: operation → { loads, stores }.
 */
export function countAccesses(wasm, programs) {
  const count = { loads: 0, stores: 0 }
  const vm = instrument(wasm, count)
  const view = new DataView(vm.memory.buffer)
  const sums = new Map()
  for (const program of Object.values(programs)) {
    vm.start(loadProgram(vm, program))
    const idle = step(vm, count, 0)
    for (let i = 0; i < STEPS; i++) {
      const op = OPS[view.getUint8(view.getUint32(PC, true))]
      if (op === 'HALT') break
      const { loads, stores } = step(vm, count, 1)
      const sum = sums.get(op) ?? { n: 0, loads: 0, stores: 0 }
      sum.n++
      sum.loads += loads - idle.loads
      sum.stores += stores - idle.stores
      sums.set(op, sum)
    }
  }
  return new Map(
    [...sums].map(([op, { n, loads, stores }]) => [op, { loads: loads / n, stores: stores / n }]),
  )
}
