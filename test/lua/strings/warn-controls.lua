-- A warning of one piece that begins with @ is for the warning system: what it doesn't know is ignored.
warn('@of')
warn('@')
warn('@off')
warn('a', 'b')
warn('@ON')
warn('c')
print('quiet')
