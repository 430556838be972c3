/**
 * Networks on one machine: namespaces that pairs of veth devices connect, with addresses of both families. Tests and
 * benchmarks make them, and remove them with every process in them. Nothing touches the machine's own namespace.
 */
import { spawn, spawnSync } from 'node:child_process'
import process from 'node:process'
import { type Ended, Service } from './service.ts'

export interface Device {
  readonly name: string
  readonly index: number
  /** As ip(8) writes them. */
  readonly mac: string
  readonly ipv4: string
  readonly ipv6: string
}

export interface CableOptions {
  /** Whether the devices leave segmentation and checksums to each other, as veth does unless told otherwise. */
  readonly offloads?: boolean
}

interface Described {
  readonly ifindex: number
  readonly address: string
}

const OFFLOADS = ['tso', 'gso', 'gro', 'tx', 'rx'].flatMap((name) => [name, 'off'])

/** Runs a program to its end. @throws Error with what it said, if it fails */
function done(command: readonly string[]): string {
  const [file = '', ...args] = command
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
  return stdout
}

/** A network namespace. Programs in it see the machine's files and mounts. */
export class Namespace {
  /** As `ip netns` names it. */
  readonly name: string
  /** As its network calls it. */
  readonly host: string
  readonly #services: Service[] = []

  #isMade = false

  /** Nothing is made before somebody uses it: whoever only describes a network leaves nothing behind. */
  constructor(name: string, host: string) {
    this.name = name
    this.host = host
  }

  make(): void {
    if (this.#isMade) return
    done(['ip', 'netns', 'add', this.name])
    this.#isMade = true
    this.ip('link', 'set', 'lo', 'up')
  }

  /** `ip netns exec` has mounts of its own, and hides bpffs: nsenter(1) doesn't. */
  #command(command: readonly string[]): string[] {
    this.make()
    return ['nsenter', `--net=/run/netns/${this.name}`, '--', ...command]
  }

  /** ip(8) in this namespace; what it prints. */
  ip(...args: string[]): string {
    this.make()
    return done(['ip', '-n', this.name, ...args])
  }

  /** Runs a program here, to its end. */
  run(command: readonly string[], input: string | Uint8Array = ''): Ended {
    const [file = '', ...args] = this.#command(command)
    const options = { encoding: 'utf8', input, maxBuffer: 1 << 28 } as const
    const { status, stdout, stderr } = spawnSync(file, args, options)
    return { exit: status, out: stdout, err: stderr }
  }

  /** The same; it has to do what it is asked for. What it prints. */
  done(...command: string[]): string {
    return done(this.#command(command))
  }

  /** Starts a program here; it ends with the network at the latest. */
  start(...command: string[]): Service {
    const [file = '', ...args] = this.#command(command)
    const service = new Service(spawn(file, args))
    this.#services.push(service)
    return service
  }

  /** Starts JavaScript here, a module. */
  node(script: string, ...args: string[]): Service {
    return this.start(process.execPath, '--input-type=module', '--eval', script, '--', ...args)
  }

  /** Lets packets through that are for others. */
  forward(): void {
    this.done(
      'sh',
      '-c',
      'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
    )
  }

  /** The default routes. */
  routeVia(gateway: Device): void {
    this.ip('route', 'add', 'default', 'via', gateway.ipv4)
    this.ip('-6', 'route', 'add', 'default', 'via', gateway.ipv6)
  }

  /** Limits what a device sends: `100mbit`. */
  shape(device: Device, rate: string): void {
    const filter = ['rate', rate, 'burst', '64kb', 'latency', '20ms']
    done(['tc', '-n', this.name, 'qdisc', 'replace', 'dev', device.name, 'root', 'tbf', ...filter])
  }

  unshape(device: Device): void {
    done(['tc', '-n', this.name, 'qdisc', 'del', 'dev', device.name, 'root'])
  }

  /** Gives a device that exists its addresses, and sets it up. */
  configure(name: string, ipv4: string, ipv6: string): Device {
    this.ip('addr', 'add', `${ipv4}/24`, 'dev', name)
    this.ip('addr', 'add', `${ipv6}/64`, 'dev', name, 'nodad')
    this.ip('link', 'set', name, 'up')
    const [{ ifindex, address } = { ifindex: 0, address: '' }] = JSON.parse(
      this.ip('-j', 'link', 'show', name),
    ) as Described[]
    return { name, index: ifindex, mac: address, ipv4, ipv6 }
  }

  /** Ends every process here, then removes the namespace and its devices. */
  async remove(): Promise<void> {
    if (!this.#isMade) return
    this.#isMade = false
    for (const service of this.#services) service.child.kill('SIGKILL')
    // what they have started in turn, such as the sessions of a server
    for (const pid of done(['ip', 'netns', 'pids', this.name]).split('\n').map(Number))
      if (pid > 0) killIfThere(pid)
    await Promise.allSettled(this.#services.map(({ ended }) => ended))
    done(['ip', 'netns', 'del', this.name])
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has just ended by itself
  }
}

let networks = 0

export class Network {
  readonly #prefix = `moonring-${process.pid}-${++networks}`
  readonly #namespaces: Namespace[] = []
  #subnets = 0

  /** A namespace; the name says what it is in this network. */
  namespace(host: string): Namespace {
    const namespace = new Namespace(`${this.#prefix}-${host}`, host)
    this.#namespaces.push(namespace)
    return namespace
  }

  /** Connects two namespaces: the device of each is called after the other one, `to-server`. */
  connect(a: Namespace, b: Namespace, { offloads = true }: CableOptions = {}): [Device, Device] {
    const [nameA, nameB] = [`to-${b.host}`, `to-${a.host}`]
    b.make()
    a.ip('link', 'add', nameA, 'type', 'veth', 'peer', 'name', nameB, 'netns', b.name)
    if (!offloads) {
      a.done('ethtool', '-K', nameA, ...OFFLOADS)
      b.done('ethtool', '-K', nameB, ...OFFLOADS)
    }
    return this.#configure(a, nameA, b, nameB)
  }

  #configure(a: Namespace, nameA: string, b: Namespace, nameB: string): [Device, Device] {
    const subnet = ++this.#subnets
    return [
      a.configure(nameA, `10.77.${subnet}.1`, `fd77:${subnet}::1`),
      b.configure(nameB, `10.77.${subnet}.2`, `fd77:${subnet}::2`),
    ]
  }

  async remove(): Promise<void> {
    const removed = await Promise.allSettled(
      this.#namespaces.splice(0).map((namespace) => namespace.remove()),
    )
    for (const result of removed) if (result.status === 'rejected') throw result.reason
  }
}
