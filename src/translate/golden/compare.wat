;; A comparison as a value.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.lt_u (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = addr_space_cast(r2, 0, 1)
;;|      1: r2 = addr_space_cast(r1, 0, 1)
;;|      2: if w2 >= w3 goto L5
;;|      3: w2 = 1
;;|      4: goto L6
;;| L5:
;;|      5: w2 = 0
;;| L6:
;;|      6: r2 = addr_space_cast(r2, 0, 1)
;;|      7: w0 = w2
;;|      8: exit
