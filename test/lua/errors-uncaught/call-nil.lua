local lib = {}
lib.missing('x')
