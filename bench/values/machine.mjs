// Loads a program into an instance of the machine, and runs it in slices.
import { OPS } from './build.mjs'

/** Fuel of a slice. Short slices let V8 replace the baseline code, which it does between calls only. */
const SLICE = 100_000

const OP = Object.fromEntries(OPS.map((name, i) => [name, i]))
const RESULT = 0x58
const STOP_FUEL = 2

/** Byte offsets of the labels of a function, from its start. */
function labelsOf(code) {
  const labels = {}
  let at = 0
  for (const line of code) {
    if (typeof line === 'string') labels[line.slice(0, -1)] = at
    else at += 8
  }
  return labels
}

const sizeOf = (code) => code.filter((line) => typeof line !== 'string').length * 8

/** Writes the instructions of one function at an address. */
function assemble(view, address, code, symbols) {
  const labels = labelsOf(code)
  let at = address
  for (const line of code) {
    if (typeof line === 'string') continue
    const [op, a = 0, b = 0, c = 0, d = 0] = line
    if (!(op in OP)) throw new Error(`unknown operation ${op}`)
    view.setUint8(at, OP[op])
    view.setUint8(at + 1, a)
    if (typeof b === 'object') view.setInt16(at + 2, b.e, true)
    else {
      view.setUint8(at + 2, b)
      view.setUint8(at + 3, c)
    }
    view.setInt32(at + 4, typeof d === 'object' ? operand(d, labels, at - address + 8, symbols) : d, true)
    at += 8
  }
}

function operand(d, labels, next, symbols) {
  if ('string' in d) return symbols.string(d.string)
  if ('constant' in d) return symbols.constant(d.constant)
  if (!(d.to in labels)) throw new Error(`unknown label ${d.to}`)
  return labels[d.to] - next
}

/** Strings and constants of a program, by address. */
function symbolsFor(vm, view) {
  const strings = new Map()
  return {
    string(name) {
      if (!strings.has(name))
        strings.set(name, vm.newString([...name].reduce((h, c) => h * 31 + c.charCodeAt(0), 7)))
      return strings.get(name)
    },
    constant(value) {
      const at = vm.newString(0) + 16
      view.setBigInt64(at, value, true)
      return at
    },
  }
}

/** Resets the machine and loads the program; returns the main function's address. */
export function loadProgram(vm, { functions }) {
  const view = new DataView(vm.memory.buffer)
  const code = vm.reset(functions.reduce((sum, f) => sum + sizeOf(f.code), 0))
  const symbols = symbolsFor(vm, view)
  const klass = vm.newTableObject(8)
  let at = code
  for (const f of functions) {
    assemble(view, at, f.code, symbols)
    const closure = vm.newClosure(f.parameters ?? 0, f.frame ?? 16, at)
    if (f.global) vm.put(0, symbols.string(f.global), 1, BigInt(closure))
    if (f.method) vm.put(klass, symbols.string(f.method), 1, BigInt(closure))
    at += sizeOf(f.code)
  }
  const object = vm.newTableObject(1)
  vm.put(object, symbols.string('n'), 0, 0n)
  vm.put(klass, 0, 2, BigInt(klass))
  vm.setMeta(object, klass)
  vm.put(0, symbols.string('obj'), 2, BigInt(object))
  return code
}

/** Loads and runs a program. Returns its result, the CPU milliseconds of the run alone, and the slices. */
export function runProgram(vm, program, slice = SLICE) {
  vm.start(loadProgram(vm, program))
  const begin = process.cpuUsage()
  let slices = 0
  let reason = STOP_FUEL
  while (reason === STOP_FUEL) {
    reason = vm.run(slice)
    slices++
  }
  const { user, system } = process.cpuUsage(begin)
  const ms = (user + system) / 1000
  const view = new DataView(vm.memory.buffer)
  if (reason !== 0) throw new Error(`program stopped with ${reason} at ${view.getUint32(0x40, true)}`)
  return { ms, slices, result: view.getBigInt64(RESULT, true), heap: view.getUint32(0x48, true) }
}
