;; Where registers are too few, values lie in the frame in memory.
(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 1 (i64.load offset=0 (local.get 0)))
    (local.set 2 (i64.load offset=8 (local.get 0)))
    (local.set 3 (i64.load offset=16 (local.get 0)))
    (local.set 4 (i64.load offset=24 (local.get 0)))
    (local.set 5 (i64.load offset=32 (local.get 0)))
    (local.set 6 (i64.load offset=40 (local.get 0)))
    (local.set 7 (i64.load offset=48 (local.get 0)))
    (local.set 8 (i64.load offset=56 (local.get 0)))
    (local.set 9 (i64.load offset=64 (local.get 0)))
    (i64.store (local.get 0) (i64.add (local.get 9) (local.get 1)))
    (i64.mul (i64.mul (i64.mul (i64.mul (i64.mul (i64.mul (i64.mul (i64.mul (local.get 1) (local.get 2)) (local.get 3)) (local.get 4)) (local.get 5)) (local.get 6)) (local.get 7)) (local.get 8)) (local.get 9))))
;;| global func f(r1)
;;|      0: w8 = 0
;;|      1: r8 = addr_space_cast(r8, 0, 1)
;;|      2: r7 = addr_space_cast(r1, 0, 1)
;;|      3: r9 = *(u64 *)(r7 +0)
;;|      4: r0 = *(u64 *)(r7 +8)
;;|      5: *(u64 *)(r8 +48) = r0
;;|      6: r0 = *(u64 *)(r7 +16)
;;|      7: *(u64 *)(r8 +40) = r0
;;|      8: r0 = *(u64 *)(r7 +24)
;;|      9: *(u64 *)(r8 +32) = r0
;;|     10: r0 = *(u64 *)(r7 +32)
;;|     11: *(u64 *)(r8 +24) = r0
;;|     12: r6 = *(u64 *)(r7 +40)
;;|     13: r5 = *(u64 *)(r7 +48)
;;|     14: r4 = *(u64 *)(r7 +56)
;;|     15: r3 = *(u64 *)(r7 +64)
;;|     16: r2 = r3
;;|     17: r2 += r9
;;|     18: *(u64 *)(r7 +0) = r2
;;|     19: r1 = *(u64 *)(r8 +48)
;;|     20: r9 *= r1
;;|     21: r1 = *(u64 *)(r8 +40)
;;|     22: r9 *= r1
;;|     23: r1 = *(u64 *)(r8 +32)
;;|     24: r9 *= r1
;;|     25: r1 = *(u64 *)(r8 +24)
;;|     26: r9 *= r1
;;|     27: r9 *= r6
;;|     28: r9 *= r5
;;|     29: r9 *= r4
;;|     30: r9 *= r3
;;|     31: r0 = r9
;;|     32: exit
