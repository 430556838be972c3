(module
  (memory (export "memory") 1)
  (func (export "f") (param i64 i64 i32) (result i64)
    (select (local.get 0) (local.get 1) (local.get 2))))
;;| global func f(r1, r2, r3)
;;|      0: r4 = addr_space_cast(r3, 0, 1)
;;|      1: r3 = r2
;;|      2: r2 = r1
;;|      3: if w4 != 0 goto L5
;;|      4: r2 = r3
;;| L5:
;;|      5: r0 = r2
;;|      6: exit
