(module
  (memory (export "memory") 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.add (i32.add (local.get 0) (i32.const 5)) (i32.const -2))))
;;| global func f(r1, r2)
;;|      0: r2 = r1
;;|      1: r2 = addr_space_cast(r2, 0, 1)
;;|      2: w2 += 3
;;|      3: w0 = w2
;;|      4: exit
