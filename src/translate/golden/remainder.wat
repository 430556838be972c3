(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64) (result i64)
    (i64.rem_u (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: if r3 == 0 goto L6
;;|      3: r2 %= r3
;;|      4: r0 = r2
;;|      5: exit
;;| L6:
;;|      6: w1 = 0
;;|      7: r1 = addr_space_cast(r1, 0, 1)
;;|      8: *(u32 *)(r1 +16) = 1
;;|      9: w0 = 0
;;|     10: exit
