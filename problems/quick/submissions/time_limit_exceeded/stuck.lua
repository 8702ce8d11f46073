-- Finds the same vowel again and again.
local text, vowels, at = io.read("a"), 0, 1
while true do
  local found = text:find("[aeiouAEIOU]", at)
  if not found then break end
  vowels = vowels + 1
  at = found
end
print(vowels)
