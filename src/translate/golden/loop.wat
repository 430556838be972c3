;; What is dead becomes zero at the header; then the kernel's own limit.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i64) (local i64)
    (loop $again
      (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))
;;| global func f(r1)
;;|      0: w3 = 0
;;|      1: r3 = addr_space_cast(r3, 0, 1)
;;|      2: r2 = r1
;;|      3: w4 = 0
;;|      4: r2 = addr_space_cast(r2, 0, 1)
;;| L5:
;;|      5: w0 = 0
;;|      6: w1 = 0
;;|      7: w5 = 0
;;|      8: may_goto L17
;;|      9: r1 = *(u64 *)(r3 +8)
;;|     10: r4 ^= r1
;;|     11: w5 = w2
;;|     12: r4 += r5
;;|     13: w2 -= 1
;;|     14: if w2 != 0 goto L5
;;|     15: r0 = r4
;;|     16: exit
;;| L17:
;;|     17: w1 = 0
;;|     18: r1 = addr_space_cast(r1, 0, 1)
;;|     19: *(u32 *)(r1 +16) = 1
;;|     20: w0 = 0
;;|     21: exit
