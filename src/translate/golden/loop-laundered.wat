;; A 64-bit value with a known range is mixed with the opaque zero before it enters a loop.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i64) (local i64)
    (local.set 1 (i64.load8_u (local.get 0)))
    (loop $again
      (i64.store (local.get 0) (local.get 1))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 8)))))
    (local.get 1)))
;;| global func f(r1)
;;|      0: w3 = 0
;;|      1: r3 = addr_space_cast(r3, 0, 1)
;;|      2: r2 = addr_space_cast(r1, 0, 1)
;;|      3: r4 = *(u8 *)(r2 +0)
;;|      4: r1 = *(u64 *)(r3 +8)
;;|      5: r4 ^= r1
;;| L6:
;;|      6: w0 = 0
;;|      7: w1 = 0
;;|      8: w3 = 0
;;|      9: may_goto L15
;;|     10: *(u64 *)(r2 +0) = r4
;;|     11: w2 -= 8
;;|     12: if w2 != 0 goto L6
;;|     13: r0 = r4
;;|     14: exit
;;| L15:
;;|     15: w1 = 0
;;|     16: r1 = addr_space_cast(r1, 0, 1)
;;|     17: *(u32 *)(r1 +16) = 1
;;|     18: w0 = 0
;;|     19: exit
