;; Arguments change places.
(module
  (memory (export "memory") 1)
  (func $g (export "g") (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.load (local.get 0))))
  (func (export "f") (param i64 i32) (result i64)
    (i64.add (call $g (local.get 1) (local.get 0)) (local.get 0))))
;;| global func f(r1, r2)
;;|      0: r6 = r1
;;|      1: r1 = r2
;;|      2: r2 = r6
;;|      3: call function g
;;|      4: r2 = r0
;;|      5: r2 += r6
;;|      6: r0 = r2
;;|      7: exit
;;|
;;| global func g(r1, r2)
;;|      8: r3 = r2
;;|      9: r2 = addr_space_cast(r1, 0, 1)
;;|     10: r2 = *(u64 *)(r2 +0)
;;|     11: r3 += r2
;;|     12: r0 = r3
;;|     13: exit
