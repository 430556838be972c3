table.sort({ 1, 'x', {} }, function(a, b) return a < b end)
