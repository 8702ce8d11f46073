import re
import sys

text = sys.stdin.read()
ok = re.fullmatch(r"([a-z]{1,100}\n){1,100}", text)
sys.exit(42 if ok else 43)
