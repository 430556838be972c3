(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.shl (i32.shr_s (local.get 0) (local.get 1)) (i32.const 35))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: r2 = addr_space_cast(r2, 0, 1)
;;|      3: w2 s>>= w3
;;|      4: w2 <<= 3
;;|      5: w0 = w2
;;|      6: exit
