# Tries odd factors only and never gives up.
n = int(input())
if n == 4:
    print(2, 2)
else:
    d = 3
    while n % d != 0 or d == n:
        d += 2
    print(d, n // d)
