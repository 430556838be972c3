local c <close> = setmetatable({}, { __close = function(_, e) print('closed with', (e:match('[^\n]*'))) end })
error('leaving', 0)
