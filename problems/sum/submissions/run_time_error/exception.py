# Splits at a character that is not there.
a, b = map(int, input().split(","))
print(a + b)
