# A float has 16 digits, of which large numbers need more in front of the point.
print(f"{int(input()) ** 0.5:.10f}")
