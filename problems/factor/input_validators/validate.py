import re
import sys

text = sys.stdin.read()
ok = re.fullmatch(r"[1-9][0-9]{0,12}\n", text) and 4 <= int(text) <= 10**12
n = int(text) if ok else 0
composite = any(n % d == 0 for d in range(2, 10**6 + 1) if d * d <= n)
sys.exit(42 if composite else 43)
