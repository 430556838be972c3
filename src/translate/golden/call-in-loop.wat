;; Each round looks whether a callee has trapped.
(module
  (memory (export "memory") 1)
  (func $g (export "g") (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.load (local.get 0))))
  (func (export "f") (param i64 i32) (result i64)
    (loop $again
      (local.set 0 (call $g (local.get 1) (local.get 0)))
      (br_if $again (local.tee 1 (i32.sub (local.get 1) (i32.const 8)))))
    (local.get 0)))
;;| global func f(r1, r2)
;;|      0: w6 = 0
;;|      1: r6 = addr_space_cast(r6, 0, 1)
;;|      2: r7 = r2
;;|      3: r2 = r1
;;|      4: r7 = addr_space_cast(r7, 0, 1)
;;| L5:
;;|      5: w0 = 0
;;|      6: w1 = 0
;;|      7: w3 = 0
;;|      8: w4 = 0
;;|      9: w5 = 0
;;|     10: may_goto L20
;;|     11: r1 = *(u32 *)(r6 +16)
;;|     12: if w1 != 0 goto L23
;;|     13: w1 = w7
;;|     14: call function g
;;|     15: r2 = r0
;;|     16: w7 -= 8
;;|     17: if w7 != 0 goto L5
;;|     18: r0 = r2
;;|     19: exit
;;| L20:
;;|     20: w1 = 0
;;|     21: r1 = addr_space_cast(r1, 0, 1)
;;|     22: *(u32 *)(r1 +16) = 1
;;| L23:
;;|     23: w0 = 0
;;|     24: exit
;;|
;;| global func g(r1, r2)
;;|     25: r3 = r2
;;|     26: r2 = addr_space_cast(r1, 0, 1)
;;|     27: r2 = *(u64 *)(r2 +0)
;;|     28: r3 += r2
;;|     29: r0 = r3
;;|     30: exit
