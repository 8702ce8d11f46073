local seen = {}
for word in io.read("a"):gmatch("%S+") do
  seen[word] = true
end
for word in pairs(seen) do
  print(word)
end
