import re
import sys

text = sys.stdin.read()
sys.exit(42 if re.fullmatch(r"encode\n(0|[1-9][0-9]{0,8})\n", text) else 43)
