(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i64)
    (i64.add
      (i64.load offset=8 (local.get 0))
      (i64.add (i64.load16_s (local.get 0)) (i64.load32_u offset=40000 (local.get 0))))))
;;| global func f(r1)
;;|      0: r2 = addr_space_cast(r1, 0, 1)
;;|      1: r3 = *(u64 *)(r2 +8)
;;|      2: r4 = *(u16 *)(r2 +0)
;;|      3: r4 = (s16)r4
;;|      4: r0 = r2
;;|      5: w0 += 40000
;;|      6: r2 = *(u32 *)(r0 +0)
;;|      7: r4 += r2
;;|      8: r3 += r4
;;|      9: r0 = r3
;;|     10: exit
