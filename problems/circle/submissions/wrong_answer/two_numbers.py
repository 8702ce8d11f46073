import math

r = float(input())
print(math.pi * r * r, 2 * math.pi * r)
