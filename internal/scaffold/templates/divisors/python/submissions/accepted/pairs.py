# Divisors come in pairs, one of which is at most the square root.
n = int(input())
count, d = 0, 1
while d * d <= n:
    if n % d == 0:
        count += 1 if d * d == n else 2
    d += 1
print(count)
