import re
import sys

number = r"(0|-?[1-9][0-9]{0,12})"
match = re.fullmatch(number + " " + number + "\n", sys.stdin.read())
ok = match and all(abs(int(text)) <= 10**12 for text in match.groups())
sys.exit(42 if ok else 43)
