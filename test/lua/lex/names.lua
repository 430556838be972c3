local _, _1, a_b, A, and_, ends = 1, 2, 3, 4, 5, 6
print(_, _1, a_b, A, and_, ends)
local function_ = 'f'
print(function_)
local goto_, nilx, trueish = 1, 2, 3
print(goto_ + nilx + trueish)
