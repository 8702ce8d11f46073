"""Talks to the submission in each of two passes.

usage: talk.py input answer feedback_dir/ < what it says > what it is told
"""
import sys

ACCEPTED, WRONG = 42, 43
feedback = sys.argv[3]


def refuse(why):
    with open(feedback + "judgemessage.txt", "a") as file:
        file.write(why + "\n")
    sys.exit(WRONG)


def hear():
    line = sys.stdin.readline()
    if not line:
        refuse("it says no more")
    return line.strip()[:20]


def hide(number):
    print("hide", number, sep="\n", flush=True)
    lines = []
    while (line := hear()) != "done":
        if line not in ("0", "1") or len(lines) == 3:
            refuse(f"it writes {line!r}")
        lines.append(line)
    if len(lines) != 3:
        refuse(f"{len(lines)} lines instead of 3")
    with open(feedback + "nextpass.in", "w") as file:
        print("seek", number, *lines, sep="\n", file=file)


def seek(number, *lines):
    print("seek", flush=True)
    while not (line := hear()).startswith("!"):
        if line not in ("0", "1", "2"):
            refuse(f"it asks for {line!r}")
        print(lines[int(line)], flush=True)
    if line != f"! {number}":
        refuse(f"the number is {number}, and it says {line!r}")


with open(sys.argv[1]) as file:
    action, *values = file.read().split()
hide(*values) if action == "hide" else seek(*values)
if sys.stdin.readline():
    refuse("it goes on at the end")
sys.exit(ACCEPTED)
