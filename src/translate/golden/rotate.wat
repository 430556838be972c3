(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.rotl (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: w4 = 0
;;|      3: r4 = addr_space_cast(r4, 0, 1)
;;|      4: w4 -= w3
;;|      5: r0 = addr_space_cast(r2, 0, 1)
;;|      6: w0 <<= w3
;;|      7: r3 = r0
;;|      8: r2 = addr_space_cast(r2, 0, 1)
;;|      9: w2 >>= w4
;;|     10: w3 |= w2
;;|     11: w0 = w3
;;|     12: exit
