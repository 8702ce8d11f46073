"""Accepts coins that add up to the amount; the score is how many they are.

usage: count.py input answer feedback_dir/ < output
"""
import sys

ACCEPTED, WRONG = 42, 43


def judge(amount, values, words):
    """Return what is wrong with the words of the output, or None."""
    paid = 0
    for word in words:
        if word not in values:
            return f"there is no coin {word}"
        paid += int(word)
    if paid != amount:
        return f"the coins are {paid}, not {amount}"


with open(sys.argv[1]) as file:
    amount, *values = file.read().split()
words = sys.stdin.read().split()
complaint = judge(int(amount), values, words)
if complaint:
    with open(sys.argv[3] + "judgemessage.txt", "w") as file:
        file.write(complaint + "\n")
    sys.exit(WRONG)
with open(sys.argv[3] + "score.txt", "w") as file:
    file.write(f"{len(words)}\n")
sys.exit(ACCEPTED)
