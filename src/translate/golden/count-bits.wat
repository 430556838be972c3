(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i32)
    (i32.popcnt (local.get 0))))
;;| global func f(r1)
;;|      0: r2 = r1
;;|      1: r3 = addr_space_cast(r2, 0, 1)
;;|      2: w3 >>= 1
;;|      3: w3 &= 1431655765
;;|      4: r2 = addr_space_cast(r2, 0, 1)
;;|      5: w2 -= w3
;;|      6: r3 = r2
;;|      7: w3 &= 858993459
;;|      8: w2 >>= 2
;;|      9: w2 &= 858993459
;;|     10: w3 += w2
;;|     11: r2 = r3
;;|     12: w2 >>= 4
;;|     13: w3 += w2
;;|     14: w3 &= 252645135
;;|     15: w3 *= 16843009
;;|     16: w3 >>= 24
;;|     17: w0 = w3
;;|     18: exit
