# Does not know what to do in the second pass.
assert input() == "encode"
print(input().translate(str.maketrans("0123456789", "abcdefghij")))
