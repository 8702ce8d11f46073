import re
import sys

text = sys.stdin.read()
ok = re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]+)?\n", text) and float(text) <= 1e6
sys.exit(42 if ok else 43)
