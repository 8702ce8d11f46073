"""Accepts an input, by exit code 42, if it is as the interactor expects it:
n and the hidden number<% if .MultiPass %> of each of the two runs<% end %>. It is no secret from the author, and never
seen by a submission."""
import re
import sys

text = sys.stdin.read()

# No leading zeros, single spaces, one end of line.
number = r"[1-9][0-9]{0,18}"
if not re.fullmatch(rf"{number} {number}<% if .MultiPass %> {number}<% end %>\n", text):
    sys.exit(f"not <% if .MultiPass %>three<% else %>two<% end %> whole numbers on one line: {text[:80]!r}")
n, *hidden = map(int, text.split())
if n > 10**18:
    sys.exit(f"n is too large: {n}")
if max(hidden) > n:
    sys.exit(f"the hidden number {max(hidden)} is larger than n")
sys.exit(42)
