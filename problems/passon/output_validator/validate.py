"""Runs once after each pass, and finds in the feedback folder what it left there.

usage: validate.py input answer feedback_dir/ < output
"""
import re
import sys

ACCEPTED, WRONG = 42, 43
feedback = sys.argv[3]


def note(text):
    with open(feedback + "judgemessage.txt", "a") as file:
        file.write(text + "\n")


def refuse(why):
    note(why)
    sys.exit(WRONG)


with open(sys.argv[1]) as file:
    action, given = file.read().split()
words = sys.stdin.read().split()
if len(words) != 1:
    refuse(f"{len(words)} words instead of one")
if action == "encode":
    if not re.fullmatch("[a-z]{1,10}", words[0]):
        refuse(f"{words[0][:20]!r} is not 1 to 10 letters")
    note(f"{given} is called {words[0]}")
    with open(feedback + "secret", "w") as file:
        file.write(given)
    with open(feedback + "nextpass.in", "w") as file:
        file.write(f"decode\n{words[0]}\n")
else:
    with open(feedback + "secret") as file:
        secret = file.read()
    if words[0] != secret:
        refuse(f"{given} stands for {secret}, not {words[0][:20]!r}")
sys.exit(ACCEPTED)
