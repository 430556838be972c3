;; The result lies in the register of the right operand.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64) (result i64)
    (i64.sub (local.get 1) (local.get 0))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = r1
;;|      2: r3 -= r2
;;|      3: r0 = r3
;;|      4: exit
