;; A tree of comparisons over runs of equal targets.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i32)
    (block $a (block $b (block $c (block $d
      (br_table $a $a $b $c $c $d (local.get 0)))
      (return (i32.const 1))) (return (i32.const 2))) (return (i32.const 3)))
    (i32.const 4)))
;;| global func f(r1)
;;|      0: r2 = addr_space_cast(r1, 0, 1)
;;|      1: if w2 > 2 goto L4
;;|      2: if w2 > 1 goto L12
;;|      3: goto L15
;;| L4:
;;|      4: if w2 > 4 goto L6
;;|      5: goto L9
;;| L6:
;;|      6: w2 = 1
;;|      7: r2 = addr_space_cast(r2, 0, 1)
;;|      8: goto L17
;;| L9:
;;|      9: w2 = 2
;;|     10: r2 = addr_space_cast(r2, 0, 1)
;;|     11: goto L17
;;| L12:
;;|     12: w2 = 3
;;|     13: r2 = addr_space_cast(r2, 0, 1)
;;|     14: goto L17
;;| L15:
;;|     15: w2 = 4
;;|     16: r2 = addr_space_cast(r2, 0, 1)
;;| L17:
;;|     17: w0 = w2
;;|     18: exit
