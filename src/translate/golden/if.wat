(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (local.get 1))
      (then (local.get 1))
      (else (i32.const 3)))))
;;| global func f(r1, r2)
;;|      0: r3 = addr_space_cast(r2, 0, 1)
;;|      1: r2 = addr_space_cast(r1, 0, 1)
;;|      2: if w2 s< w3 goto L5
;;|      3: w3 = 3
;;|      4: r3 = addr_space_cast(r3, 0, 1)
;;| L5:
;;|      5: w0 = w3
;;|      6: exit
