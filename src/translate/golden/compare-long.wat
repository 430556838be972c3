;; A constant is mixed with the opaque zero: the verifier must not learn the value.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i64) (result i32)
    (i64.gt_s (local.get 0) (i64.const 100))))
;;| global func f(r1)
;;|      0: w3 = 0
;;|      1: r3 = addr_space_cast(r3, 0, 1)
;;|      2: r2 = r1
;;|      3: w0 = 100
;;|      4: r1 = *(u64 *)(r3 +8)
;;|      5: r0 ^= r1
;;|      6: if r2 s<= r0 goto L9
;;|      7: w2 = 1
;;|      8: goto L10
;;| L9:
;;|      9: w2 = 0
;;| L10:
;;|     10: r2 = addr_space_cast(r2, 0, 1)
;;|     11: w0 = w2
;;|     12: exit
