(module
  (memory (export "memory") 1)
  (func (export "f") (result i64)
    (i32.store (i32.const 64) (i32.const -1))
    (i64.store (i32.const 72) (i64.const 0x123456789abcdef))
    (i64.const -5)))
;;| global func f()
;;|      0: w2 = 0
;;|      1: r2 = addr_space_cast(r2, 0, 1)
;;|      2: *(u32 *)(r2 +64) = -1
;;|      3: r1 = 0x123456789abcdef ll
;;|      5: *(u64 *)(r2 +72) = r1
;;|      6: r0 = -5
;;|      7: exit
