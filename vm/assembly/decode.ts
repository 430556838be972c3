// Fields of the instruction at a code address, and the registers that they name.

export function registerA(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 1)) << 3)
}

export function registerB(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 2)) << 3)
}

export function registerC(pc: usize, base: usize): usize {
  return base + (usize(load<u8>(pc, 3)) << 3)
}

export function fieldB(pc: usize): i32 {
  return load<u8>(pc, 2)
}

export function fieldC(pc: usize): i32 {
  return load<u8>(pc, 3)
}

export function fieldD(pc: usize): i32 {
  return load<i32>(pc, 4)
}

/** Target of the jump at `pc`. */
export function target(pc: usize): usize {
  return pc + 8 + usize(load<i32>(pc, 4))
}
