(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i64) (result i64)
    (i64.xor (i64.extend_i32_u (i32.extend8_s (local.get 0))) (i64.extend16_s (local.get 1)))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: w2 = (s8)w2
;;|      3: r3 = (s16)r3
;;|      4: r2 ^= r3
;;|      5: r0 = r2
;;|      6: exit
