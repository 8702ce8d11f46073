import re
import sys

most = int(sys.argv[1]) if len(sys.argv) > 1 else 10**14
text = sys.stdin.read()
ok = re.fullmatch(r"[1-9][0-9]*\n", text) and int(text) <= most
sys.exit(42 if ok else 43)
