# Right for squares only.
from math import isqrt

print(isqrt(int(input())))
