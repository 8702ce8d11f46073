"""Accepts, for each word, one or more of the line numbers in the answer."""
import sys


def reject(message):
    with open(sys.argv[3] + "judgemessage.txt", "w") as f:
        f.write(message)
    sys.exit(43)


answers = open(sys.argv[2]).read().splitlines()
outputs = sys.stdin.read().splitlines()
if len(outputs) != len(answers):
    reject(f"{len(outputs)} lines instead of {len(answers)}")
for number, (output, answer) in enumerate(zip(outputs, answers), 1):
    given = output.split()
    if not given or not set(given) <= set(answer.split()):
        kind = "missed a word" if output.strip() == "{{nowhere}}" else "wrong line"
        reject(f"{kind}: line {number} is {output[:20]!r}, answer {answer}")
sys.exit(42)
