"""Accepts an input, by exit code 42, if it is to the letter as the statement
says. Arguments come from the <% .GroupFile %> of the group: the largest n."""
import re
import sys

largest = int(sys.argv[1]) if len(sys.argv) > 1 else 10**10
text = sys.stdin.read()

# No spaces, no leading zeros, one end of line.
if not re.fullmatch(r"[1-9][0-9]{0,18}\n", text):
    sys.exit(f"not one whole number on one line: {text[:80]!r}")
if int(text) > largest:
    sys.exit(f"{int(text)} is larger than {largest}")
sys.exit(42)
