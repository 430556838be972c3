(module
  (memory (export "memory") 1)
  (func (export "f") (param i64) (result i32)
    (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32)))))
;;| global func f(r1)
;;|      0: r2 = r1
;;|      1: r2 >>= 32
;;|      2: w2 = w2
;;|      3: r0 = r2
;;|      4: exit
