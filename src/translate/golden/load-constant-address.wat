;; Low addresses become offsets from the register that holds address 0.
(module
  (memory (export "memory") 1)
  (func (export "f") (result i32)
    (i32.add (i32.load offset=4 (i32.const 100)) (i32.load8_s (i32.const 40000)))))
;;| global func f()
;;|      0: w2 = 0
;;|      1: r2 = addr_space_cast(r2, 0, 1)
;;|      2: r2 = *(u32 *)(r2 +104)
;;|      3: w0 = 40000
;;|      4: r0 = addr_space_cast(r0, 0, 1)
;;|      5: r3 = *(u8 *)(r0 +0)
;;|      6: w3 = (s8)w3
;;|      7: r2 = addr_space_cast(r2, 0, 1)
;;|      8: w2 += w3
;;|      9: w0 = w2
;;|     10: exit
