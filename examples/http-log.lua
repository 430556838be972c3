-- Writes method, host and path of HTTP requests to the state's log. It drops nothing.
--
--   moonring create http --kernel
--   moonring load http examples/http-log.lua
--   moonring attach http netfilter/local-in --proto tcp --dport 80
--   moonring log http --follow
local methods = {
  GET = true, HEAD = true, POST = true, PUT = true, DELETE = true, OPTIONS = true, PATCH = true, TRACE = true,
}

function filter(hdr, pld)
  local start = pld and pld:segment(0, 1024)
  local text = start and tostring(start)
  local method, path = (text or ''):match('^(%u+) ([!-~]+) HTTP/1%.[01]\r\n')
  if not methods[method] then return true end
  local host = text:match('\r\n[Hh][Oo][Ss][Tt]:[ \t]*([!-~]*)')
  print(('%s %s%s'):format(method, host or '', path))
  return true
end
