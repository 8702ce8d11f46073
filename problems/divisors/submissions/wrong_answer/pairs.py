# Takes every number for a square.
n = int(input())
count = 2 * sum(n % d == 0 for d in range(1, int(n**0.5) + 1))
print(count - 1)
