;;; local a = 1; ; print(a);
do ; end
;(function() print('called') end)();
