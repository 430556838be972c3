(module
  (memory (export "memory") 1)
  (func (export "f") (param i32)
    (if (i32.eqz (local.get 0)) (then (unreachable)))
    (i32.store (i32.const 64) (local.get 0))))
;;| global func f(r1)
;;|      0: w3 = 0
;;|      1: r3 = addr_space_cast(r3, 0, 1)
;;|      2: r2 = addr_space_cast(r1, 0, 1)
;;|      3: if w2 != 0 goto L5
;;|      4: goto L8
;;| L5:
;;|      5: *(u32 *)(r3 +64) = r2
;;|      6: w0 = 0
;;|      7: exit
;;| L8:
;;|      8: w1 = 0
;;|      9: r1 = addr_space_cast(r1, 0, 1)
;;|     10: *(u32 *)(r1 +16) = 1
;;|     11: w0 = 0
;;|     12: exit
