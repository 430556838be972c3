/**
 * Links: what attaches a program to a hook. The program stays attached for as long as the link is held by a
 * descriptor or a pin. How each kind of hook fills in the spec is in a file of its own.
 */
import type { SystemCalls } from '../ffi/system-calls.ts'
import { bpf, type Values } from './attributes.ts'
import { Descriptor } from './descriptor.ts'
import { ATTACH_TYPE, type AttachType, LINK_TYPE, type ProgramType } from './kernel-names.ts'
import { capabilitiesFor } from './load-program.ts'
import { objectInfo } from './object-info.ts'
import type { Program } from './program.ts'
import { kernelError } from './system.ts'

export interface LinkSpec {
  readonly attachType: AttachType
  /** Where: a device's index, or the descriptor of a cgroup; nothing for hooks of the network namespace. */
  readonly target?: number
  readonly flags?: number
  /** Fields for this kind of hook: `netfilter.priority` and the like. */
  readonly details?: Values<'LINK_CREATE'>
}

/** BPF_F_REPLACE: the update fails unless the given program is the current one. */
const REPLACE = 1 << 2

/** What tells what a link is attached to, by its kind. */
const TARGETS: Readonly<Record<number, 'cgroup.cgroup_id' | 'tcx.ifindex' | 'xdp.ifindex'>> = {
  [LINK_TYPE.CGROUP]: 'cgroup.cgroup_id',
  [LINK_TYPE.TCX]: 'tcx.ifindex',
  [LINK_TYPE.XDP]: 'xdp.ifindex',
}

export class Link extends Descriptor {
  readonly name: string
  readonly #type: ProgramType

  /** `name` is for errors; `type` is that of the programs which it attaches. */
  constructor(system: SystemCalls, fd: number, name: string, type: ProgramType) {
    super(system, fd, `link ${name}`)
    this.name = name
    this.#type = type
  }

  /**
   * Attaches another program in place of the current one: no event passes in between. With `expected`, only if
   * that is the current one.
   * @throws KernelError, NotAvailable where links of this kind can't be updated
   */
  update(program: Program, expected?: Program): void {
    const result = bpf(this.system, 'LINK_UPDATE', {
      link_fd: this.fd,
      new_prog_fd: program.fd,
      flags: expected === undefined ? 0 : REPLACE,
      old_prog_fd: expected?.fd,
    })
    if (result < 0) throw kernelError(result, this.#need('update', 'updates of such links'))
  }

  /** Detaches the program, even if pins or others hold the link. */
  detach(): void {
    const result = bpf(this.system, 'LINK_DETACH', { link_fd: this.fd })
    if (result < 0) throw kernelError(result, this.#need('detach', 'detaching of such links'))
  }

  /** The kernel's numbers for the link and for its program. */
  info(): { readonly id: number; readonly programId: number } {
    const info = objectInfo(this.system, this.fd, 'link', this.name)
    return { id: info.number('id'), programId: info.number('prog_id') }
  }

  /** The kernel's numbers for the link, for its kind, and for what it is attached to: 0 once it is detached, where that shows. */
  attachment(): { readonly id: number; readonly type: number; readonly target: number | undefined } {
    const info = objectInfo(this.system, this.fd, 'link', this.name)
    const type = info.number('type')
    const field = TARGETS[type]
    return { id: info.number('id'), type, target: field && info.number(field) }
  }

  #need(action: string, name: string) {
    return {
      action: `${action} link ${this.name}`,
      capabilities: capabilitiesFor(this.#type),
      feature: { name, since: '6.12' },
    }
  }
}

/** The fields of BPF_LINK_CREATE. */
export function linkValues(programFd: number, spec: LinkSpec): Values<'LINK_CREATE'> {
  return {
    prog_fd: programFd,
    target_fd: spec.target,
    attach_type: ATTACH_TYPE[spec.attachType],
    flags: spec.flags,
    ...spec.details,
  }
}

/**
 * Attaches a program. `name` says in errors what to: `netfilter/local-in`.
 * @throws NotPermitted, NotAvailable, KernelError: EBUSY or EEXIST where the place is taken
 */
export function createLink(system: SystemCalls, name: string, program: Program, spec: LinkSpec): Link {
  const fd = bpf(system, 'LINK_CREATE', linkValues(program.fd, spec))
  if (fd >= 0) return new Link(system, fd, name, program.type)
  throw kernelError(fd, {
    action: `attach ${program.name} to ${name}`,
    capabilities: capabilitiesFor(program.type),
    feature: { name: `links to ${name}`, since: '6.12' },
  })
}
