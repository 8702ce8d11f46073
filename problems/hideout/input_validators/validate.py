import re
import sys

sys.exit(42 if re.fullmatch(r"hide\n[0-7]\n", sys.stdin.read()) else 43)
