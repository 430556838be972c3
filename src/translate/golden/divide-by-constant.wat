;; Nothing to guard.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.div_u (local.get 0) (i32.const 10))))
;;| global func f(r1, r2)
;;|      0: r2 = addr_space_cast(r1, 0, 1)
;;|      1: w2 /= 10
;;|      2: w0 = w2
;;|      3: exit
