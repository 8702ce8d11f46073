"""usage: validate.py [most nodes] < input"""
import sys

most = int(sys.argv[1]) if len(sys.argv) > 1 else 50000
lines = sys.stdin.read().split("\n")
n, parents = int(lines[0]), list(map(int, lines[1].split()))
ok = (
    1 <= n <= most
    and len(parents) == n - 1
    and all(0 <= parent < node for node, parent in enumerate(parents, 1))
    and lines[2:] == [""]
)
sys.exit(42 if ok else 43)
