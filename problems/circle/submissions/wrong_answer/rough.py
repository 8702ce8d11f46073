# Close, but not close enough.
r = float(input())
print(3.1416 * r * r)
