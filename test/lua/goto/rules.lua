for _, text in ipairs({
  'goto a; local x; ::a:: print(x)', 'goto a; local x; ::a::', 'do ::a:: end goto a', '::a:: goto a2', 'goto a; do ::a:: end',
  '::a:: ::a::', '::a:: do ::a:: end', 'break', 'repeat goto c; local x; ::c:: until x', 'repeat if true then break end; local x until x',
  'function f() goto out end ::out::', 'while true do goto out end ::out::', 'for i = 1, 2 do ::l:: end ::l::', 'do local a goto x ::x:: local b end',
}) do
  print(text, (select(2, load(text, '=t'))) or 'fine')
end
