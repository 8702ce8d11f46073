# Five steps are enough for small numbers only, so that the group with large
# squares fails, and the one that needs it is not judged.
n = int(input())
x = n
for _ in range(5):
    x = (x + n / x) / 2
print(f"{x:.10f}")
