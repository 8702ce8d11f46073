"""A random input for `evalx stress`. Arguments: a seed, and the largest x. The
same arguments always have to make the same input."""
import random
import sys

seed, largest = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
print("encode", random.randint(1, largest))
