"""A random input for `evalx stress` and `evalx generate`. Arguments: a seed,
and the largest n. The same arguments always have to make the same input."""
import random
import sys

seed, largest = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
print(random.randint(1, largest))
