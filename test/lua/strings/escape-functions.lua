local function urlencode(s) return (s:gsub('[^%w%-_%.~]', function(c) return ('%%%02X'):format(c:byte()) end)) end
local function urldecode(s) return (s:gsub('%%(%x%x)', function(h) return string.char(tonumber(h, 16)) end)) end
local s = 'a b&c=d/é?'
print(urlencode(s), urldecode(urlencode(s)) == s)
local function html(s) return (s:gsub('[<>&"]', { ['<'] = '&lt;', ['>'] = '&gt;', ['&'] = '&amp;', ['"'] = '&quot;' })) end
print(html('<a href="x">&</a>'))
local function pattern_escape(s) return (s:gsub('%p', '%%%0')) end
print(pattern_escape('a.b*c[d]'), ('x a.b*c[d] y'):find(pattern_escape('a.b*c[d]')))
