# Counts from a up to a + b, one by one.
a, b = map(int, input().split())
step = 1 if b > 0 else -1
for _ in range(abs(b)):
    a += step
print(a)
