"""usage: validate.py [most nodes] < input"""
import re
import sys

most = int(sys.argv[1]) if len(sys.argv) > 1 else 50000
text = sys.stdin.buffer.read().decode("ascii")
number = "(0|[1-9][0-9]*)"
if not re.fullmatch(f"{number}\n({number}( {number})*)?\n", text):
    sys.exit(43)
n, *parents = map(int, text.split())
ok = (
    1 <= n <= most
    and len(parents) == n - 1
    and all(0 <= parent < node for node, parent in enumerate(parents, 1))
)
sys.exit(42 if ok else 43)
