"""Refuses programs that import something; the shorter the others, the better.

usage: length.py language entry_point feedback_dir/ free cost

starts in the folder of the submission. A program loses cost of its score for
each byte above free.
"""
import re
import sys

ACCEPTED, WRONG = 42, 43

_, language, entry, feedback, free, cost = sys.argv
assert language == "python3", language
with open(entry, "rb") as file:
    code = file.read().strip()
if re.search(rb"\b(import|__import__)\b", code):
    with open(feedback + "judgemessage.txt", "w") as file:
        file.write("imports something\n")
    sys.exit(WRONG)
with open(feedback + "score_multiplier.txt", "w") as file:
    file.write(f"{max(0, 1 - max(0, len(code) - int(free)) * float(cost)):.6f}\n")
sys.exit(ACCEPTED)
