import math
import re
import sys

text = sys.stdin.read()
if not re.fullmatch(r"[1-9][0-9]*\n", text) or int(text) > 10**18:
    sys.exit(43)
is_square = math.isqrt(int(text)) ** 2 == int(text)
sys.exit(42 if is_square or "square" not in sys.argv else 43)
