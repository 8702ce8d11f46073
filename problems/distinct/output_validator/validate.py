"""Accepts the distinct words of the input in any order, one on a line.

usage: validate.py input answer feedback_dir/ < output
"""
import sys

ACCEPTED, WRONG = 42, 43


def judge(expected, lines):
    """Return what is wrong with the lines of the output, or None."""
    seen = set()
    for number, line in enumerate(lines, 1):
        word = line.strip()
        if word in seen:
            return f"line {number}: {word!r} for the second time"
        if word not in expected:
            return f"line {number}: {word!r} is not in the input"
        seen.add(word)
    missing = sorted(expected - seen)
    if missing:
        return f"{len(missing)} words are missing, such as {missing[0]!r}"


with open(sys.argv[1]) as file:
    complaint = judge(set(file.read().split()), sys.stdin.read().splitlines())
if complaint:
    with open(sys.argv[3] + "judgemessage.txt", "w") as file:
        file.write(complaint + "\n")
sys.exit(WRONG if complaint else ACCEPTED)
