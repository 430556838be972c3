print(pcall(function() return # #'abc' end))
