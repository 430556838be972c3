/**
 * Preloaded into commands under test (`node --import`): writes the id of each map and program that bpf(2) makes
 * into the file MOONRING_OBJECTS, one `map 12` or `prog 12` a line. It writes before the command can pin or attach
 * the object, so that whatever a killed command leaves in the kernel is in the file.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import process from 'node:process'

/** bpf(2) on x86-64 and arm64, and its commands that make maps and programs: include/uapi/linux/bpf.h. */
const BPF = process.arch === 'arm64' ? 280 : 321
const MAKING = [0, 5]

/** Notes what a descriptor of this process is. */
function record(fd) {
  const [, kind, id] = /^(map|prog)_id:\t(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))
  appendFileSync(process.env.MOONRING_OBJECTS, `${kind} ${id}\n`)
}

/** The package koffi, whose syscall(2) records. */
function recording(koffi) {
  const load = (...file) => {
    const library = koffi.load(...file)
    return { func: (name, ...types) => recordingCall(library.func(name, ...types)) }
  }
  return new Proxy(koffi, { get: (target, name) => (name === 'load' ? load : target[name]) })
}

function recordingCall(syscall) {
  return (number, command, ...rest) => {
    const result = syscall(number, command, ...rest)
    if (number === BPF && MAKING.includes(command) && result >= 0) record(result)
    return result
  }
}

const { _load: load } = Module
// koffi is loaded when a command asks for the kernel first
Module._load = (request, ...rest) => {
  const loaded = load(request, ...rest)
  return request === 'koffi' ? recording(loaded) : loaded
}
