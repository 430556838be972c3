-- The library data: where the VM finds a block's methods, and the metatable that marks compiled layouts.
local P = ...
P.slow('data.index', {
  segment = P['data.segment'],
  layout = data.layout,
  sum = P['packet.sum'],
  transport = P['packet.transport'],
  rewrite = P['packet.rewrite'],
  seal = P['packet.seal'],
  resize = P['packet.resize'],
})
P.slow('data.layout', { __name = 'layout', __metatable = false })
debug.setmetatable(data.new(0), {
  __index = P['data.index'],
  __newindex = P['data.newindex'],
  __len = P['data.len'],
  __tostring = P['data.tostring'],
  __name = 'data',
  __metatable = false,
})
