import sys

for _ in sys.stdin.read().split()[1:]:
    print({{nowhere}})
