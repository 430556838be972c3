// Rules of a hook: which packets its function is called for. As dissect.ts, which comes before it, this runs without the
// lock, and needs no frames.
import {
  HOOK_RULES,
  HOOK_RULES_COUNT,
  HOOK_UNMATCHED,
  PACKETINFO_IN_IFINDEX,
  PACKETINFO_MARK,
  PACKETINFO_OUT_IFINDEX,
  PACKETINFO_PROTOCOL,
  PACKETINFO_RULE,
  PACKETKIND_IP,
  PACKETKIND_OTHER,
  RULE_ACTION,
  RULE_BYTES,
  RULE_DESTINATION_ADDRESS,
  RULE_DESTINATION_BITS,
  RULE_DESTINATION_PORTS,
  RULE_ETHERTYPE,
  RULE_FAMILY,
  RULE_FLAGS,
  RULE_IN_IFINDEX,
  RULE_MARK,
  RULE_MASK,
  RULE_OUT_IFINDEX,
  RULE_PORTS,
  RULE_PROTOCOL,
  RULE_SOURCE_ADDRESS,
  RULE_SOURCE_BITS,
  RULE_SOURCE_PORTS,
  RULEFLAG_DESTINATION_ADDRESS,
  RULEFLAG_DESTINATION_PORTS,
  RULEFLAG_FAMILY,
  RULEFLAG_FINAL,
  RULEFLAG_IN_IFINDEX,
  RULEFLAG_OUT_IFINDEX,
  RULEFLAG_PORTS,
  RULEFLAG_PROTOCOL,
  RULEFLAG_SOURCE_ADDRESS,
  RULEFLAG_SOURCE_PORTS,
  SLOT_ACTION,
  SLOT_DESTINATION,
  SLOT_DESTINATION_PORT,
  SLOT_FAMILY,
  SLOT_HEAD,
  SLOT_INFO,
  SLOT_KIND,
  SLOT_LAST_RULE,
  SLOT_PROTOCOL,
  SLOT_SOURCE,
  SLOT_SOURCE_PORT,
} from '../generated/layout'

/** Is the port within a range of a rule? Packets without ports have -1. */
function within(ports: usize, port: i32): bool {
  return port >= i32(load<u16>(ports)) && port <= i32(load<u16>(ports, 2))
}

/** Do the first `bits` bits of two addresses agree? */
function sharesPrefix(a: usize, b: usize, bits: i32): bool {
  let at: usize = 0
  let left = bits
  for (; left >= 8; left -= 8) {
    if (load<u8>(a + at) != load<u8>(b + at)) return false
    at++
  }
  return !left || (i32(load<u8>(a + at)) ^ i32(load<u8>(b + at))) >>> (8 - left) == 0
}

/** Do the ports agree with what is asked? */
function portsMatch(rule: usize, slot: usize, flags: i32): bool {
  const source = load<i32>(slot, SLOT_SOURCE_PORT)
  const destination = load<i32>(slot, SLOT_DESTINATION_PORT)
  if (flags & RULEFLAG_SOURCE_PORTS && !within(rule + RULE_SOURCE_PORTS, source)) return false
  if (flags & RULEFLAG_DESTINATION_PORTS && !within(rule + RULE_DESTINATION_PORTS, destination)) return false
  if (!(flags & RULEFLAG_PORTS)) return true
  return within(rule + RULE_PORTS, source) || within(rule + RULE_PORTS, destination)
}

function addressesMatch(rule: usize, slot: usize, flags: i32): bool {
  const head = slot + SLOT_HEAD
  if (flags & RULEFLAG_SOURCE_ADDRESS) {
    const at = head + usize(load<i32>(slot, SLOT_SOURCE))
    if (!sharesPrefix(rule + RULE_SOURCE_ADDRESS, at, load<i32>(rule, RULE_SOURCE_BITS))) return false
  }
  if (!(flags & RULEFLAG_DESTINATION_ADDRESS)) return true
  const at = head + usize(load<i32>(slot, SLOT_DESTINATION))
  return sharesPrefix(rule + RULE_DESTINATION_ADDRESS, at, load<i32>(rule, RULE_DESTINATION_BITS))
}

/** Does where the packet is, and which mark it has, agree with what is asked? */
function placeMatches(rule: usize, slot: usize, flags: i32): bool {
  const info = slot + SLOT_INFO
  if (
    flags & RULEFLAG_IN_IFINDEX &&
    load<i32>(info, PACKETINFO_IN_IFINDEX) != load<i32>(rule, RULE_IN_IFINDEX)
  )
    return false
  if (
    flags & RULEFLAG_OUT_IFINDEX &&
    load<i32>(info, PACKETINFO_OUT_IFINDEX) != load<i32>(rule, RULE_OUT_IFINDEX)
  )
    return false
  return (load<i32>(info, PACKETINFO_MARK) & load<i32>(rule, RULE_MASK)) == load<i32>(rule, RULE_MARK)
}

export function matches(rule: usize, slot: usize): bool {
  const flags = load<i32>(rule, RULE_FLAGS)
  const type = load<i32>(rule, RULE_ETHERTYPE)
  if (!type) {
    if (load<i32>(slot, SLOT_KIND) != PACKETKIND_IP) return false
  } else if (type != -1 && type != load<i32>(slot, SLOT_INFO + PACKETINFO_PROTOCOL)) return false
  if (flags & RULEFLAG_PROTOCOL && load<i32>(slot, SLOT_PROTOCOL) != load<i32>(rule, RULE_PROTOCOL))
    return false
  if (flags & RULEFLAG_FAMILY && load<i32>(slot, SLOT_FAMILY) != load<i32>(rule, RULE_FAMILY)) return false
  return placeMatches(rule, slot, flags) && portsMatch(rule, slot, flags) && addressesMatch(rule, slot, flags)
}

/**
 * The last rule of a hook that the packet in a slot matches, or the first one that is final, says what becomes of it:
 * RULE_ACTION.
 */
export function matchRules(hook: usize, slot: usize): i32 {
  store<i32>(slot, load<i32>(hook, HOOK_UNMATCHED), SLOT_ACTION)
  store<i32>(slot, 0, SLOT_INFO + PACKETINFO_RULE)
  store<i32>(
    slot,
    load<i32>(slot, SLOT_KIND) > PACKETKIND_OTHER ? 0 : load<i32>(hook, HOOK_RULES_COUNT),
    SLOT_LAST_RULE,
  )
  let rule: usize = load<u32>(hook, HOOK_RULES)
  // what a loop with calls keeps here is kept in the slot, since there is no frame
  for (let i: i32 = 1; i <= load<i32>(slot, SLOT_LAST_RULE); i++) {
    if (matches(rule, slot)) {
      store<i32>(slot, load<i32>(rule, RULE_ACTION), SLOT_ACTION)
      store<i32>(slot, i, SLOT_INFO + PACKETINFO_RULE)
      if (load<i32>(rule, RULE_FLAGS) & RULEFLAG_FINAL) break
    }
    rule += RULE_BYTES
  }
  return load<i32>(slot, SLOT_ACTION)
}
