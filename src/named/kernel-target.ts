/** What a hook in the kernel is attached to, and how: links to control groups, network namespaces and devices. */
import { closeSync, constants, openSync } from 'node:fs'
import type { Hook, KernelHook } from '../hook/subsystem.ts'
import { KernelError, NotAvailable } from '../kernel/errors.ts'
import { createLink, type Link, type LinkSpec } from '../kernel/link.ts'
import { type Device, findDevice } from '../kernel/network.ts'
import type { Program } from '../kernel/program.ts'
import { systemCalls } from '../kernel/system.ts'
import { tcxPrograms } from '../kernel/tcx.ts'
import { StateError } from '../state/errors.ts'
import type { AttachOptions } from './named-state.ts'

/** What to attach to, found and open. */
export interface Target {
  /** SLOT.START of the packets there. */
  readonly start: number
  /** Index of the device; 0 where it is none. */
  readonly device: number
  /** The name that the program is to have. */
  readonly programName?: string
  /** Makes the links that attach a program; none is left where one fails. */
  link(program: Program): Link[]
  close(): void
}

/** Where an Ethernet header has the type of what it carries, and where it ends. */
const ETHERNET = (12 << 8) | 14
/** NFPROTO_IPV4 and NFPROTO_IPV6 of linux/netfilter.h. */
const FAMILIES = [2, 10]
/** BPF_F_BEFORE, BPF_F_ID of linux/bpf.h. */
const BEFORE_ID = (1 << 3) | (1 << 5)
/** XDP_FLAGS_DRV_MODE, XDP_FLAGS_SKB_MODE of linux/if_link.h. */
const NATIVE = 1 << 2
const GENERIC = 1 << 1
/** Priorities that fit into the name of a program. */
const LARGEST_PRIORITY = 99_999

/** Before the rules of nft(8) and iptables(8) that filter: these have 0, and programs get no priority that is taken. */
const BEFORE_RULES = -1

/** The priority that a program gets. */
export function priorityFor(hook: Hook, { priority }: AttachOptions): number {
  const isNetfilter = hook.where === 'kernel' && hook.target === 'namespace'
  return priority ?? (isNetfilter ? BEFORE_RULES : 0)
}

/** Finds what a hook is to be attached to. @throws StateError `BAD_OPTION`, KernelError */
export function openTarget(hook: KernelHook, options: AttachOptions): Target {
  if (hook.target === 'cgroup') return cgroup(hook, options.target)
  const priority = priorityFor(hook, options)
  if (!Number.isInteger(priority) || Math.abs(priority) > LARGEST_PRIORITY)
    throw new StateError(
      'BAD_OPTION',
      `Cannot attach to ${hook.name}: the priority ${priority} is no integer from -${LARGEST_PRIORITY} to ${LARGEST_PRIORITY}`,
    )
  if (hook.target === 'namespace') return netfilter(hook, priority)
  if (options.target === undefined)
    throw new StateError(
      'BAD_OPTION',
      `Cannot attach to ${hook.name}: it is attached to a device`,
      'name one: --dev eth0',
    )
  const device = findDevice(options.target)
  return hook.packet === 'xdp' ? xdp(hook, device, options) : tcx(hook, device, priority)
}

function cgroup(hook: KernelHook, path: string | undefined): Target {
  const action = `Cannot attach to ${hook.name}`
  if (path === undefined)
    throw new StateError(
      'BAD_OPTION',
      `${action}: it is attached to a cgroup`,
      'name its directory: --cgroup /sys/fs/cgroup/…',
    )
  try {
    const target = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
    return {
      start: 0,
      device: 0,
      link: (program) => [linkTo(hook, program, { target })],
      close: () => closeSync(target),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new KernelError('KERNEL', `${action}: ${reason}`, 'name a directory of cgroup2')
  }
}

function linkTo(hook: KernelHook, program: Program, spec: Omit<LinkSpec, 'attachType'>): Link {
  return createLink(systemCalls(), hook.name, program, { attachType: hook.attachType, ...spec })
}

/** Says that the place is taken, where that is why there is no link. */
function orTaken<T>(step: () => T, reason: string, hint: string, hook: KernelHook): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof KernelError && (error.errno === 'EBUSY' || error.errno === 'EEXIST'))) throw error
    throw new KernelError('KERNEL', `Cannot attach to ${hook.name}: ${reason}`, hint, error.errno)
  }
}

/** A link for each family. */
function netfilter(hook: KernelHook, priority: number): Target {
  return {
    start: 0,
    device: 0,
    link(program) {
      const links: Link[] = []
      try {
        for (const family of FAMILIES)
          links.push(
            orTaken(
              () =>
                linkTo(hook, program, {
                  details: {
                    'netfilter.pf': family,
                    'netfilter.hooknum': hook.number,
                    'netfilter.priority': priority,
                  },
                }),
              `a program or rules of nft or iptables have the priority ${priority} there`,
              'choose another one: --priority N',
              hook,
            ),
          )
        return links
      } catch (error) {
        for (const link of links) link.close()
        throw error
      }
    },
    close() {},
  }
}

/** The name tells others which priority the program has. */
function nameFor(priority: number): string {
  return `moonring_${priority < 0 ? 'n' : ''}${Math.abs(priority)}`
}

/** The priority of a program of Moonring's; undefined for others, which stay where they are. */
function priorityOf(name: string): number | undefined {
  const [, minus, digits] = /^moonring_(n?)(\d+)$/.exec(name) ?? []
  return digits === undefined ? undefined : Number(digits) * (minus ? -1 : 1)
}

function tcx(hook: KernelHook, device: Device, priority: number): Target {
  return {
    start: device.isEthernet ? ETHERNET : 0,
    device: device.index,
    programName: nameFor(priority),
    link(program) {
      const others = tcxPrograms(hook.attachType, device.index).map(({ id, name }) => ({
        id,
        priority: priorityOf(name),
      }))
      if (others.some((other) => other.priority === priority))
        throw new KernelError(
          'KERNEL',
          `Cannot attach to ${hook.name}: a program has the priority ${priority} at ${device.name}`,
          'choose another one: --priority N',
          'EEXIST',
        )
      const next = others.find((other) => other.priority !== undefined && other.priority > priority)
      const place = next && { flags: BEFORE_ID, details: { 'tcx.relative_id': next.id } }
      return [linkTo(hook, program, { target: device.index, ...place })]
    },
    close() {},
  }
}

/** Errors of drivers that run no programs. */
const NOT_NATIVE = ['EOPNOTSUPP', 'EINVAL', 'ERANGE', 'ENOTSUP']

/** The driver's own way, or else the general one, which is slower. */
function xdp(hook: KernelHook, device: Device, { note }: AttachOptions): Target {
  return {
    start: device.isEthernet ? ETHERNET : 0,
    device: device.index,
    link(program) {
      const attach = (flags: number) =>
        orTaken(
          () => linkTo(hook, program, { target: device.index, flags }),
          `${device.name} has a program already, and XDP runs one`,
          'detach that, or use tc/ingress',
          hook,
        )
      try {
        return [attach(NATIVE)]
      } catch (error) {
        if (!(error instanceof NotAvailable && NOT_NATIVE.includes(error.errno ?? ''))) throw error
        const link = attach(GENERIC)
        note?.(`${device.name} runs no XDP programs natively: attached in generic mode, which is slower`)
        return [link]
      }
    },
    close() {},
  }
}
