import re
import sys

words = sys.stdin.read().split()
ok = len(words) <= 1000 and all(re.fullmatch(r"[a-z]{1,20}", word) for word in words)
sys.exit(42 if ok else 43)
