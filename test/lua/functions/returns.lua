local function none() end
local function one() return 1 end
local function three() return 1, 2, 3 end
print(none(), one(), three())
print((none()), (three()))
print(select('#', none()), select('#', (none())), select('#', three()))
print(({ three(), three() })[4])
