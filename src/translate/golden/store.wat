(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i64)
    (i64.store (local.get 0) (local.get 1))
    (i32.store8 offset=9 (local.get 0) (i32.const 7))
    (i64.store32 offset=12 (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = addr_space_cast(r1, 0, 1)
;;|      2: *(u64 *)(r2 +0) = r3
;;|      3: *(u8 *)(r2 +9) = 7
;;|      4: *(u32 *)(r2 +12) = r3
;;|      5: w0 = 0
;;|      6: exit
