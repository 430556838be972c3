local ok, e = pcall(error, 'original', 0)
error('again: ' .. e)
