;; Division by zero and the quotient without representation trap.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1))))
;;| global func f(r1, r2)
;;|      0: r3 = addr_space_cast(r2, 0, 1)
;;|      1: r2 = addr_space_cast(r1, 0, 1)
;;|      2: if w3 == 0 goto L8
;;|      3: if w3 != -1 goto L5
;;|      4: if w2 == -2147483648 goto L8
;;| L5:
;;|      5: w2 s/= w3
;;|      6: w0 = w2
;;|      7: exit
;;| L8:
;;|      8: w1 = 0
;;|      9: r1 = addr_space_cast(r1, 0, 1)
;;|     10: *(u32 *)(r1 +16) = 1
;;|     11: w0 = 0
;;|     12: exit
