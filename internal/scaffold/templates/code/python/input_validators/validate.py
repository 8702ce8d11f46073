"""Accepts the input of the first run, by exit code 42, if it is to the letter
as the statement says."""
import re
import sys

text = sys.stdin.read()
match = re.fullmatch(r"encode ([1-9][0-9]{0,18})\n", text)
if not match:
    sys.exit(f"not the word encode and a whole number: {text[:80]!r}")
if int(match[1]) > 10**18:
    sys.exit(f"too large: {match[1]}")
sys.exit(42)
