"""A random input for `evalx stress`. Arguments: a seed, and n. The same
arguments always have to make the same input."""
import random
import sys

seed, n = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
print(n, random.randint(1, n)<% if .MultiPass %>, random.randint(1, n)<% end %>)
