(module
  (memory (export "memory") 1)
  (func (export "f") (param i64) (result i64)
    (i64.rotr (local.get 0) (i64.const 13))))
;;| global func f(r1)
;;|      0: r2 = r1
;;|      1: r3 = r2
;;|      2: r3 >>= 13
;;|      3: r2 <<= 51
;;|      4: r3 |= r2
;;|      5: r0 = r3
;;|      6: exit
