(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64) (result i64)
    (i64.div_s (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: if r3 == 0 goto L10
;;|      3: if r3 != -1 goto L7
;;|      4: r0 = 0x8000000000000000 ll
;;|      6: if r2 == r0 goto L10
;;| L7:
;;|      7: r2 s/= r3
;;|      8: r0 = r2
;;|      9: exit
;;| L10:
;;|     10: w1 = 0
;;|     11: r1 = addr_space_cast(r1, 0, 1)
;;|     12: *(u32 *)(r1 +16) = 1
;;|     13: w0 = 0
;;|     14: exit
