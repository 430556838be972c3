(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64) (result i64)
    (i64.add (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: r2 += r3
;;|      3: r0 = r2
;;|      4: exit
