from math import isqrt

digits = str(isqrt(int(input()) * 100**11)).zfill(12)
print(digits[:-11] + "." + digits[-11:])
