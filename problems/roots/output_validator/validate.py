"""Accepts a root that is close enough.

usage: validate.py input answer feedback_dir/ [graded] < output

With graded, an error below a tenth is accepted, and each digit that is right
gives a tenth of the score; without, there is no score but an error of at most
10^-6 is accepted.
"""
import re
import sys
from decimal import Decimal, getcontext

ACCEPTED, WRONG = 42, 43
DIGITS = 10


def finish(code, name, text):
    with open(sys.argv[3] + name, "w") as file:
        file.write(text + "\n")
    sys.exit(code)


getcontext().prec = 50
with open(sys.argv[1]) as file:
    root = Decimal(file.read().strip()).sqrt()
output = sys.stdin.read().strip()
if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{0,20})?", output):
    finish(WRONG, "judgemessage.txt", f"not a number: {output[:40]!r}")
error = abs(Decimal(output) - root)
if "graded" not in sys.argv:
    if error > Decimal("1e-6"):
        finish(WRONG, "judgemessage.txt", f"the error is {error:.1e}")
    sys.exit(ACCEPTED)
right = 0
while right < DIGITS and error < Decimal(10) ** -(right + 1):
    right += 1
if right == 0:
    finish(WRONG, "judgemessage.txt", f"the error is {error:.1e}")
finish(ACCEPTED, "score_multiplier.txt", str(right / DIGITS))
