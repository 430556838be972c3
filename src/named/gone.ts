/**
 * Attachments that call no more, though their pins are there: what they were attached to is gone, or somebody else has
 * detached them. The kernel's links tell.
 */
import { existsSync } from 'node:fs'
import { HOOK } from '../isa/layout.ts'
import { deadNetfilterLinks } from '../kernel/dead-links.ts'
import { KernelError } from '../kernel/errors.ts'
import { LINK_TYPE } from '../kernel/kernel-names.ts'
import { findDevice, inNetworkNamespace, isNamespaceThere } from '../kernel/network.ts'
import { openPinnedLink, type PinPath } from '../kernel/pin.ts'
import type { ControlBlock, HookRecord } from './control-block.ts'
import type { KernelFolder } from './kernel-folder.ts'

const DETACHED = 'detached from outside'
const NAMESPACE = 'network namespace removed'

/** Why each of the attachments that call no more doesn't, by slot. @throws NotPermitted */
export function goneAttachments(
  folder: KernelFolder,
  name: string,
  control: ControlBlock,
): Map<number, string> {
  const pins = folder.pins(name)
  let dead: ReadonlySet<number> | undefined
  const isDead = (id: number) => {
    dead ??= deadNetfilterLinks() ?? new Set()
    return dead.has(id)
  }
  const gone = new Map<number, string>()
  for (const record of control.hooks()) {
    const own = new RegExp(`^link-${record.slot}(-\\d+)?$`)
    const reason = folder.within(name, (at) =>
      pins
        .filter((pin) => own.test(pin))
        .map((pin) => whyGone(at(pin), control, record, isDead))
        .find((one) => one !== undefined),
    )
    if (reason !== undefined) gone.set(record.slot, reason)
  }
  return gone
}

function whyGone(
  path: PinPath,
  control: ControlBlock,
  record: HookRecord,
  isDead: (id: number) => boolean,
): string | undefined {
  const { id, type, target } = attachmentOf(path) ?? {}
  if (id === undefined) return undefined
  const text = control.targetOf(record)
  if (type === LINK_TYPE.CGROUP) {
    if (target !== 0) return undefined
    return existsSync(text) ? DETACHED : 'control group removed'
  }
  // links of netfilter keep their namespace, and so may others that are attached there
  const namespace = control.word(record.address + HOOK.PLACE) >>> 0
  if (!isNamespaceThere(namespace)) return NAMESPACE
  if (target !== 0 && type !== LINK_TYPE.NETFILTER) return undefined
  if (type === LINK_TYPE.NETFILTER) return isDead(id) ? DETACHED : undefined
  return isDeviceThere(text, control.word(record.address + HOOK.PLACE + 4)) ? DETACHED : 'device removed'
}

/** undefined for a pin that has just been removed, or may not be opened. */
function attachmentOf(path: PinPath) {
  try {
    using link = openPinnedLink(path, 'SCHED_CLS')
    return link.attachment()
  } catch (error) {
    if (error instanceof KernelError) return undefined
    throw error
  }
}

/** Whether the device of a target such as `eth0 netns lab priority 3` is still the one of an index. */
function isDeviceThere(target: string, index: number): boolean {
  const [device = '', word, netns] = target.split(' ')
  try {
    return inNetworkNamespace(word === 'netns' ? netns : undefined, () => findDevice(device).index === index)
  } catch (error) {
    if (error instanceof KernelError) return false
    throw error
  }
}
