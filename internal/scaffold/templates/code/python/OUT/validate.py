"""Judges each of the two runs: accepts (exit code 42) or refuses (43) what the
submission wrote. Any other end is a judge error."""
import re
import sys
from pathlib import Path

MOST = <% if .Scoring %>80<% else %>60<% end %> # letters
# The input file is that of this run. What else a run has to know of the one
# before goes through the feedback folder, which stays the same.
input_file, feedback = Path(sys.argv[1]), Path(sys.argv[3])
number = feedback / "number"


def refuse(why):
    with open(feedback / "judgemessage.txt", "a") as file:
        print(why, file=file)
    sys.exit(43)


task, given = input_file.read_text().split()
# Whatever a submission writes must not break this program.
output = sys.stdin.read(1000).strip()
if task == "encode":
    if not re.fullmatch(r"[ab]+", output):
        refuse(f"not a word of a and b: {output[:80]!r}")
    if len(output) > MOST:
        refuse(f"{len(output)} letters are more than {MOST}")
    number.write_text(given)
    # The input of the next run, for the submission and for this program.
    (feedback / "nextpass.in").write_text(f"decode {output}\n")
elif output != number.read_text():
    refuse(f"found {output[:80]!r} from the word {given}")
<%- if .Scoring %>
else:
    # The part of the points that this test case gives.
    (feedback / "score_multiplier.txt").write_text("1\n" if len(given) <= 60 else "0.5\n")
<%- end %>
sys.exit(42)
