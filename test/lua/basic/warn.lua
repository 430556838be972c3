-- Warnings go elsewhere; nothing comes back.
print(select('#', warn('@off')))
warn('not shown')
warn('in ', 'pieces')
print(pcall(warn))
print(pcall(warn, {}))
warn('@unknown')
print('end')
