;; Conditions that are combined are branched on one after the other.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (if (i32.and (i32.gt_s (local.get 0) (i32.const 3)) (i32.ne (local.get 1) (i32.const 0)))
      (then (return (local.get 0))))
    (i32.const 1)))
;;| global func f(r1, r2)
;;|      0: r3 = r2
;;|      1: r2 = addr_space_cast(r1, 0, 1)
;;|      2: if w2 s<= 3 goto L4
;;|      3: if w3 != 0 goto L6
;;| L4:
;;|      4: w2 = 1
;;|      5: r2 = addr_space_cast(r2, 0, 1)
;;| L6:
;;|      6: w0 = w2
;;|      7: exit
