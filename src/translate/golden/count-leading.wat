(module
  (memory (export "memory") 1)
  (func (export "f") (param i32) (result i32)
    (i32.clz (local.get 0))))
;;| global func f(r1)
;;|      0: r4 = r1
;;|      1: r2 = addr_space_cast(r4, 0, 1)
;;|      2: w2 >>= 16
;;|      3: if w2 != 0 goto L6
;;|      4: w2 = 1
;;|      5: goto L7
;;| L6:
;;|      6: w2 = 0
;;| L7:
;;|      7: r2 = addr_space_cast(r2, 0, 1)
;;|      8: w2 <<= 4
;;|      9: r3 = r2
;;|     10: w3 += 0
;;|     11: r4 = addr_space_cast(r4, 0, 1)
;;|     12: w4 <<= w2
;;|     13: r2 = r4
;;|     14: w2 >>= 24
;;|     15: if w2 != 0 goto L18
;;|     16: w2 = 1
;;|     17: goto L19
;;| L18:
;;|     18: w2 = 0
;;| L19:
;;|     19: r2 = addr_space_cast(r2, 0, 1)
;;|     20: w2 <<= 3
;;|     21: w3 += w2
;;|     22: w4 <<= w2
;;|     23: r2 = r4
;;|     24: w2 >>= 28
;;|     25: if w2 != 0 goto L28
;;|     26: w2 = 1
;;|     27: goto L29
;;| L28:
;;|     28: w2 = 0
;;| L29:
;;|     29: r2 = addr_space_cast(r2, 0, 1)
;;|     30: w2 <<= 2
;;|     31: w3 += w2
;;|     32: w4 <<= w2
;;|     33: r2 = r4
;;|     34: w2 >>= 30
;;|     35: if w2 != 0 goto L38
;;|     36: w2 = 1
;;|     37: goto L39
;;| L38:
;;|     38: w2 = 0
;;| L39:
;;|     39: r2 = addr_space_cast(r2, 0, 1)
;;|     40: w2 <<= 1
;;|     41: w3 += w2
;;|     42: w4 <<= w2
;;|     43: r2 = r4
;;|     44: w2 >>= 31
;;|     45: if w2 != 0 goto L48
;;|     46: w2 = 1
;;|     47: goto L49
;;| L48:
;;|     48: w2 = 0
;;| L49:
;;|     49: r2 = addr_space_cast(r2, 0, 1)
;;|     50: w2 <<= 0
;;|     51: w3 += w2
;;|     52: w4 <<= w2
;;|     53: w4 >>= 31
;;|     54: w4 ^= 1
;;|     55: w3 += w4
;;|     56: w0 = w3
;;|     57: exit
