import re
import sys

text = sys.stdin.read()
if not re.fullmatch(r"[1-9][0-9]{0,3}\n1( [1-9][0-9]{0,3}){0,9}\n", text):
    sys.exit(43)
amount, *coins = map(int, text.split())
ascending = all(a < b for a, b in zip(coins, coins[1:]))
sys.exit(42 if amount <= 1000 and ascending else 43)
