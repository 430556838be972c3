;; Values that change places from round to round.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64 i32) (result i64) (local i64)
    (loop $again
      (local.set 3 (local.get 0))
      (local.set 0 (local.get 1))
      (local.set 1 (local.get 3))
      (br_if $again (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
    (i64.sub (local.get 0) (local.get 1))))
;;| global func f(r1, r2, r3)
;;|      0: r4 = r3
;;|      1: r3 = r2
;;|      2: r2 = r1
;;|      3: r4 = addr_space_cast(r4, 0, 1)
;;| L4:
;;|      4: w0 = 0
;;|      5: w1 = 0
;;|      6: may_goto L16
;;|      7: w4 -= 1
;;|      8: if w4 == 0 goto L13
;;|      9: r0 = r2
;;|     10: r2 = r3
;;|     11: r3 = r0
;;|     12: goto L4
;;| L13:
;;|     13: r3 -= r2
;;|     14: r0 = r3
;;|     15: exit
;;| L16:
;;|     16: w1 = 0
;;|     17: r1 = addr_space_cast(r1, 0, 1)
;;|     18: *(u32 *)(r1 +16) = 1
;;|     19: w0 = 0
;;|     20: exit
