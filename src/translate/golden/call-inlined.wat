;; A small function takes the place of its call.
(module
  (memory (export "memory") 1)
  (func $g (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.load (local.get 0))))
  (func (export "f") (param i64 i32) (result i64)
    (i64.add (call $g (local.get 1) (local.get 0)) (i64.const 1))))
;;| global func f(r1, r2)
;;|      0: r3 = addr_space_cast(r2, 0, 1)
;;|      1: r2 = r1
;;|      2: r3 = *(u64 *)(r3 +0)
;;|      3: r2 += r3
;;|      4: r2 += 1
;;|      5: r0 = r2
;;|      6: exit
