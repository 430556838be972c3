(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i64)
    (i64.add (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (local.get 0)))))
;;| global func f(r1)
;;|      0: r2 = r1
;;|      1: r3 = (s32)r2
;;|      2: r3 += r2
;;|      3: r0 = r3
;;|      4: exit
