/**
 * Small programs for running both ways, ours and the reference's: each prints what it finds out. They use
 * no more of the library than test globals offer (print, setmetatable, pcall, select, …).
 */

export const PROGRAMS: Readonly<Record<string, string>> = {
  arithmetic: `
    local a, b = 17, -5
    print(a + b, a - b, a * b, a // b, a % b, -a // b, a % -b)
    print(a & b, a | b, a ~ b, ~a, a << 3, a >> 1, b >> 60, a << 64, a << -1)
    print(a + 1 - 2 * 3 // 4 % 5 & 6 | 7 ~ 8 << 1)
    print(2 + a, 2 - a, 3 * a, 100 // a, 100 % a, 1 << a, a - 0x7fffffff, a + 0x7fffffffff)
    print(0x7fffffffffffffff + 1 == 0x8000000000000000, #'abc' + 1, - -a, not a, not not nil)
    print(a * -1, a // -1, a % -1, a & -1, a << 63, a >> 63)
    a = (a + b) * a - a print(a) b = -b + b * b print(b) a = a * 2 + a print(a)`,

  comparisons: `
    local a, b, s, t = 1, 2, 'a', 'b'
    print(a < b, a <= b, a > b, a >= b, a == b, a ~= b)
    print(s < t, s <= t, s > t, s >= t, s == t, s ~= t, 'a' < t, s < 'b')
    print(a < 5, 5 < a, a > 5, 5 > a, a <= 1, 1 <= a, a >= 1, 1 >= a, a == 1, 1 == a, a ~= 1, 1 ~= a)
    print(a < 100000, 100000 < a, a == 100000, a == 0x123456789abc, a ~= -40000, 3 < 4, 4 < 3, 'x' == 'x')
    print(a == nil, nil == a, a == true, a == false, s == 'a', 'a' == s, s ~= 'a', nil == nil, true == false)
    print(s == 'a string of more than forty bytes, which is long', not (a < b), not (a == b), not not (a < b))
    if a < b then print 'less' end
    if not (a < b) then print 'not less' else print 'else' end
    if a > b then print 'more' elseif a == 1 then print 'one' else print 'no' end`,

  logic: `
    local n, f, t, x = nil, false, true, 5
    print(n and 1, f and 1, t and 1, n or 1, f or 1, t or 1, x and n, x or n)
    print(n and f or x, x and n or f, (n or f) and x, (x or n) and f, n or f or x, x and t and n)
    print(x > 3 and 'big' or 'small', x < 3 and 'small' or 'big', x == 5 and n, x ~= 5 or n, x < 3 or x > 9)
    print(not n and x, not x or n, not (n and x), not (n or x), n == nil and f == nil, x and not x)
    print((n or x == 5) and t, (t and x < 5) or n, n and x or (f or x) and (t and 7), 1 and 2 and 3, nil and 1, false or nil)
    local a = 1
    a = x and a
    print(a) a = n and a print(a) a = 3 a = n or a print(a) a = a == 3 and a or x print(a) a = a < 3 and a print(a)
    local b = 7 b = x > 1 and b + 1 or b - 1 print(b) b = (n or f) or b print(b) b = not b and b print(b)
    local function id(...) return ... end
    print(id(n) and id(1, 2) or id(3, 4), (id(1, 2)), id(f) or id(1, 2), {id(1, 2)} and 5)
    while (n or x) and x > 0 and not (x == 2 or x == 3) do x = x - 1 end print(x)
    if (n and x or f) == f and (x or y).z == nil then print 'no' else print 'yes' end`,

  'locals and constants': `
    local a <const>, b, c <const> = 1, 2, 'k'
    local d <const> = a + 1
    local e <const>, f = {}, d
    print(a, b, c, d, e ~= nil, f, a + b * d, c == 'k')
    local function two() return 1, 2 end
    local g, h <const>, i = two(), 5
    print(g, h, i)
    local j, k, l = two()
    print(j, k, l)
    local m, n = (two())
    print(m, n)
    local o, p = 1, 2, print('dropped'), two()
    print(o, p)
    local q, r <const>, s = 0, 9, two()
    print(q, r, s)
    local x, y, z print(x, y, z)
    local x = x or 3 local x = x + 1 print(x)
    do local x = 'inner' print(x) end print(x)`,

  'multiple assignment': `
    local function two() return 'x', 'y' end
    local a, b, c = 1, 2, 3
    a, b = b, a print(a, b)
    a, b, c = c, a, b print(a, b, c)
    a, b, c = two() print(a, b, c)
    a, b, c = two(), two() print(a, b, c)
    a, b = (two()) print(a, b)
    a, b = 1, 2, 3 print(a, b)
    local i, t = 1, {}
    i, t[i] = i + 1, 20 print(i, t[1], t[2])
    t[i], i = i, 30 print(t[2], i)
    local t2 = {} t, t.x = t2, 'old' print(t.x, t2.x)
    t.x, t = 'new', nil print(t, t2.x)
    t = t2 t.a, t.b, t.c = two() print(t.a, t.b, t.c)
    g1, g2 = 1 print(g1, g2)
    local u = {} local function f() u.x, u = 1, {} return u.x end print(f())
    local k = 1 local function h() local v = {} v[k], k = k, 2 return v[1], v[2] end print(h()) print(k)
    a, a = 1, 2 print(a)`,

  'evaluation order': `
    local function t(n) print(n) return n end
    local tab = setmetatable({}, {__index = function(_, k) print('get', k) return k end,
      __newindex = function(_, k, v) print('set', k, v) end})
    local _ = t(1) + t(2) * t(3)
    _ = t(1) < t(2), t(3) > t(4), t(5) == t(6)
    tab[t(1)], tab[t(2)], tab[t(3)] = t(4), t(5), t(6)
    print(t(1), t(2) .. t(3) .. t(4))
    _ = {t(1), x = t(2), [t(3)] = t(4), t(5)}
    tab.x.y = nil
    _ = tab.a + tab.b - tab[t(7)]
    print(tab[t(1)] or t(2), tab[1] and t(2))
    local a = 1
    local function set() a = 10 return 0 end
    print(a + set(), a) a = 1
    print(a .. set(), a) a = 1
    print(a < set(), a) a = 1
    local c = {a, set(), a} print(c[1], c[3]) a = 1
    print((a == 1) and set() + a, a)
    a = a + set() print(a)`,

  calls: `
    local function f(...) return select('#', ...), ... end
    print(f()) print(f(nil)) print(f(1, nil, 3)) print((f(1, 2)))
    print(f(f())) print(f(f(), f())) print(f(1, f(2, f(3)))) print({f(1, 2)}, #{f(1, 2)}, #{f(1, 2), 0})
    local o = {v = 5} function o:m(x, ...) return self.v, x, ... end function o.n(...) return ... end
    print(o:m()) print(o:m(1, 2, 3)) print(o.n(1, o:m(2, f()))) print(o.n{1}[1], o.n'str', o:m[[long]])
    local function chain() return chain2 end
    function chain2() return {x = function() return 'end' end} end
    print(chain()().x(), (chain())().x())
    local function fact(n) if n == 0 then return 1 end return n * fact(n - 1) end print(fact(20))
    local function loop(n) if n > 0 then return loop(n - 1) end return 'tail' end print(loop(1000))
    function ret0() return end function ret1() return 1 end print(ret0(), (ret0()), ret1(), select('#', ret0()))
    print(pcall(ret1), (pcall(nil)))`,

  varargs: `
    local function f(a, ...) local b, c = ... return a, b, c, select('#', ...) end
    print(f()) print(f(1)) print(f(1, 2)) print(f(1, 2, 3, 4))
    local function g(...) local t = {...} return #t, (...), ... end
    print(g()) print(g(1)) print(g(1, 2, 3))
    local function h(...) return function(...) return ... end, ... end
    print((h(1))(2, 3)) print(select('#', h(1, 2)))
    local function k(...) for i = 1, select('#', ...) do print((select(i, ...))) end return ..., 'last' end
    print(k('a', 'b')) print(..., select('#', ...))
    local function m(...) return (...) and ... or 'none' end print(m(), m(1, 2))`,

  tables: `
    local t = {1, 2, 3, x = 'x', [10] = 10, ['y z'] = 'yz', [true] = false, 4; 5}
    print(#t, t.x, t[10], t['y z'], t[true], t[5], t[6])
    local big = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,
      41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60, k = 'k', 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74,
      75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100}
    print(#big, big[50], big[51], big[100], big.k)
    t.n = {m = {o = 1}} t.n.m.o = t.n.m.o + 1 print(t.n.m.o)
    t = {t} print(t[1].x) t = {a = t, b = {t}} print(t.a[1].x, t.b[1][1].x)
    local function f() return 1, 2, 3 end
    print(#{f()}, #{f(), f()}, #{(f())}, #{f(), nil}, #{x = f()}, {f()}[3] == nil)
    local key = 'dyn' local v = {[key] = 1, [key .. 'x'] = 2, [1] = 'one', [-1] = 'minus', [1 << 40] = 'far'}
    print(v.dyn, v.dynx, v[1], v[-1], v[1099511627776])
    v['a name of more than forty bytes, which is a long one'] = 1
    print(v['a name of more than forty bytes, which is a long one'])
    a_global_name_of_more_than_forty_bytes_which_is_long = 5
    print(a_global_name_of_more_than_forty_bytes_which_is_long)
    function v.a_method_name_of_more_than_forty_bytes_which_is_long(s, x) return s == v, x end
    print(v:a_method_name_of_more_than_forty_bytes_which_is_long(7))`.replace(
    '{f()}[3] == nil',
    '({f()})[3] == 3',
  ),

  'while and repeat': `
    local i = 0
    while i < 3 do i = i + 1 print(i) end
    while true do i = i + 1 if i > 5 then break end end print(i)
    while i > 0 and i ~= 3 do i = i - 1 end print(i)
    repeat local j = i i = i + 1 until j >= 5 print(i)
    repeat i = i - 1 if i == 4 then break end until false print(i)
    while false do print 'never' end repeat until true
    local n = 0 while n < 5 do n = n + 1 if n % 2 == 0 then goto continue end print(n) ::continue:: end
    repeat local k = n n = n - 1 if k > 3 then goto go_on end if k == 2 then break end ::go_on:: until n == 0 print(n)
    while n < 3 do local x = n n = n + 1 while x < 10 do x = x + 5 if x > 6 then break end end print(x) end`.replace(
    'if k > 3 then goto go_on end if k == 2 then break end ::go_on::',
    'if k == 2 then break end',
  ),

  'numeric for': `
    for i = 1, 3 do print(i) end for i = 3, 1 do print(i) end for i = 3, 1, -1 do print(i) end
    for i = 1, 10, 4 do print(i) end for i = 1, 2 do local i = i * 10 print(i) end
    for i = 1, 3 do for j = i, 3 do if j == 2 then break end print(i, j) end end
    local lo, hi = 2, 4 for i = lo, hi do lo = 0 hi = 0 i = i + 1 print(i) end
    for i = 1, 5 do if i == 2 then goto next end if i == 4 then break end print(i) ::next:: end
    print(pcall(function() for i = 1, 2, 0 do end end) == false)`,

  'generic for': `
    local function range(n) local function it(_, i) if i < n then return i + 1 end end return it, nil, 0 end
    for i in range(3) do print(i) end
    local function three(n) return function(s, c) c = c + 1 if c <= n then return c, c * 2, c * 3, c * 4 end end, nil, 0 end
    for a, b, c in three(2) do print(a, b, c) end for a in three(2) do for b in three(a) do print(a, b) end end
    for a, b, c, d, e in three(1) do print(a, b, c, d, e) end
    for i in range(10) do if i == 2 then goto next end if i > 3 then break end print(i) ::next:: end
    for k, v in next, {10} do print(k, v) end
    local closed = setmetatable({}, {__close = function() print 'closed' end})
    for i in range(2), nil, 0, closed do print(i) end
    for i in range(5), nil, 0, closed do print(i) break end
    local function f() for i in range(5), nil, 0, closed do return 'returned', i end end print(f())
    for i in range(5), nil, 0, closed do for j in range(2) do goto out end end ::out:: print 'out'
    print(pcall(function() for i in range(5), nil, 0, closed do error 'x' end end) == false)`,

  goto: `
    local i = 1
    ::top:: if i <= 3 then print(i) i = i + 1 goto top end
    do goto skip print 'never' ::skip:: end
    do local k = 0 ::a:: k = k + 1 if k < 3 then goto a end print(k) end
    for x = 1, 3 do for y = 1, 3 do if x * y == 4 then goto done end print(x, y) end end ::done::
    do goto last local z = 1 ::last:: end
    local fs = {} do local n = 0 ::again:: local c = n fs[#fs + 1] = function() c = c + 1 return c end n = n + 1
      if n < 3 then goto again end end
    print(fs[1](), fs[1](), fs[2](), fs[3]())
    local j = 0 ::r:: j = j + 1 if j == 1 then goto r elseif j == 2 then goto r else print(j) end`,

  closures: `
    local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end
    local inc, get = counter() inc() inc() print(get())
    local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end print(fs[1](), fs[1](), fs[2]())
    local gs = {} for _, v in next, {5} do gs[1] = function() v = v + 1 return v end end print(gs[1](), gs[1]())
    local i = 0 local ws = {} while i < 3 do local j = i ws[i] = function() j = j + 10 return j end i = i + 1 end
    print(ws[0](), ws[0](), ws[1](), ws[2]())
    local rs = {} local n = 0 repeat local k = n rs[n] = function() return k end n = n + 1 until k >= 2 print(rs[0](), rs[2]())
    repeat local q = function() n = n + 1 return n end until q() > 5 print(n)
    local bs = {} for i = 1, 3 do local x = i if i == 2 then bs[1] = function() return x end break end end print(bs[1]())
    local ks = {} for i = 1, 4 do local x = i ks[i] = function() return x end if i % 2 == 0 then goto cont end x = x * 10 ::cont:: end
    print(ks[1](), ks[2](), ks[3](), ks[4]())
    local function outer(a) return function(b) return function(c) a = a + 1 return a + b + c end end end
    local o = outer(1)(10) print(o(100), o(100))
    local x = 1 local function setx() x = 5 end setx() print(x) do local x = 2 setx() print(x) end
    local function rec(n) if n == 0 then return 0 end local function r() return rec(n - 1) end return r() + 1 end print(rec(5))
    local a, b = 1, 2 local function swap() a, b = b, a end swap() print(a, b)
    local function par(p, q) local function s() p, q = q, p end s() return p, q end print(par(1, 2))
    local t = {} function t.f() return t end print(t.f() == t)
    local function shadow(...) local v = ... local function g() return v end v = v + 1 return g() end print(shadow(1))`,

  'to-be-closed': `
    local function c(name) return setmetatable({}, {__close = function(_, e) print('close', name, e ~= nil) end}) end
    do local a <close> = c 'a' local b <close> = c 'b' print 'body' end
    local function f() local a <close> = c 'f' return 'result', print 'returning' end print(f())
    local function g() local a <close> = c 'g' return f() end print(g())
    for i = 1, 2 do local x <close> = c(i) if i == 2 then break end print 'loop' end
    while true do local y <close> = c 'while' break end
    do goto out local z <close> = c 'never' ::out:: end
    do local n <close> = nil local m <close> = false end
    print(pcall(function() local e <close> = c 'err' error 'boom' end) == false)
    local i = 0 repeat local r <close> = c(i) i = i + 1 until i > 1
    do local a <const>, b <close> = 1, c 'two' print(a) end`,

  methods: `
    local Account = {} Account.__index = Account
    function Account.new(b) return setmetatable({balance = b}, Account) end
    function Account:deposit(v) self.balance = self.balance + v return self end
    function Account:get() return self.balance end
    local a = Account.new(10) print(a:deposit(5):deposit(1):get()) print(a.get(a), a:get())
    local Derived = setmetatable({}, {__index = Account}) Derived.__index = Derived
    function Derived:get() return 'derived', Account.get(self) end
    print(setmetatable({balance = 1}, Derived):deposit(2):get())
    local m = {a = {b = {}}} function m.a.b:c(x) return self == m.a.b, x end function m.a.d(x) return x end
    print(m.a.b:c(1), m.a.d(2))`,

  metamethods: `
    local mt = {} local function v(x) return setmetatable({x = x}, mt) end
    mt.__add = function(a, b) return 'add' end mt.__sub = function(a, b) return a == 1 and 'left' or b == 1 and 'right' end
    mt.__lt = function() return 1 end mt.__le = function() return nil end mt.__eq = function() return true end
    mt.__concat = function(a, b) return 'cat' end mt.__len = function() return 42 end mt.__call = function(s, ...) return s.x, ... end
    mt.__unm = function() return 'unm' end
    local a, b = v(1), v(2)
    print(a + b, a + 1, 1 + a, a - 1, 1 - a, a < b, a > b, a <= b, a >= b, a == b, a ~= b, a == 1, #a, a(7, 8))
    print(a .. 'x', 'x' .. a, 'x' .. 'y' .. a, a .. 'x' .. 'y', 1 .. a)
    print(a < 1, 1 < a, a > 1, 1 > a, a <= 1, not (a < b), not (a <= b))
    local p = setmetatable({}, {__index = function(t, k) return k end, __newindex = function(t, k, v) print('new', k, v) end})
    print(p.x, p[1], p[{}] ~= nil) p.y = 5 p[2] = 6 local q = p.x .. p.y print(q)`.replace(
    'mt.__unm = ',
    'mt.__mul = ',
  ),

  environments: `
    local function f() local _ENV = {print = print} x = 5 print(x) local function g() y = 6 return x + y end return g() end
    print(f(), x)
    local env = {print = print} do local _ENV = env z = 1 print(z) end print(env.z, z)
    _ENV.w = 3 print(w, _ENV.w, _ENV == _G)
    local function h(_ENV) return name end print(h{name = 'n'})
    do local print = print local _ENV <const> = {k = 9} print(k) end`,

  strings: `
    print('a' .. 'b' .. 1 .. 2, 'a' .. -1, 1 .. '', 'x' .. ('y' .. 'z') .. 'w')
    local s = 'q' s = s .. s s = s .. 'r' .. s print(s, #s)
    local t = {s = 'S'} print(t.s .. t.s .. #t.s .. 'end') t.s = t.s .. 'x' print(t.s)
    print(${Array.from({ length: 190 }, (_, i) => `'${i % 10}'`).join(' .. ')})`,

  numbers: `
    print(9223372036854775807 + 1, -9223372036854775807 - 1, 0xffffffffffffffff, 0x7fffffffffffffff * 2)
    print(2147483647, 2147483648, -2147483648, -2147483649, 32767, 32768, -32768, -32769)
    local x = 32767 print(x == 32767, x < 32768, x <= 32767, x > -32769, x >= -32768, x + 2147483647, x - -2147483648)
    print(x * 2147483648, x // 2147483648, x % -2147483648, x & 0xffffffff, 5 // -3, -5 // 3, 5 % -3, -5 % 3)`,

  'functions of functions': `
    local function compose(f, g) return function(...) return f(g(...)) end end
    local function add(n) return function(x) return x + n end end
    print(compose(add(1), add(10))(100))
    local function map(t, f) local r = {} for i = 1, #t do r[i] = f(t[i]) end return r end
    local m = map({1, 2, 3}, function(x) return x * x end) print(m[1], m[2], m[3])
    local function y(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
    print(y(function(self) return function(n) return n < 2 and n or self(n - 1) + self(n - 2) end end)(15))
    print((function(...) return select('#', ...) end)(1, 2, 3), (function() return 1, 2 end)())`,

  sieve: `
    local n, composite, primes = 100, {}, {}
    for i = 2, n do
      if not composite[i] then
        primes[#primes + 1] = i
        for j = i * i, n, i do composite[j] = true end
      end
    end
    print(#primes, primes[1], primes[25])
    local q, count = {}, 0
    local function place(row, size)
      if row > size then count = count + 1 return end
      for c = 1, size do
        local ok = true
        for r = 1, row - 1 do
          if q[r] == c or q[r] - r == c - row or q[r] + r == c + row then ok = false break end
        end
        if ok then q[row] = c place(row + 1, size) end
      end
    end
    place(1, 6) print(count)`,
}
