"""The interactor: talks with a submission over standard input and output, and
accepts (exit code 42) or refuses (43) it. Any other end is a judge error."""
import re
import sys
from pathlib import Path

MOST = <% if .Scoring %>120<% else %>60<% end %> # guesses
input_file, feedback = Path(sys.argv[1]), Path(sys.argv[3])


def refuse(why):
    with open(feedback / "judgemessage.txt", "a") as file:
        print(why, file=file)
    sys.exit(43)


def tell(text):
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = None # nothing is left to flush
        refuse("the submission ended before its number was found")


n, hidden, *rest = map(int, input_file.read_text().split())
tell(n)
for guesses in range(1, MOST + 1):
    # Whatever a submission writes must not break the interactor.
    line = sys.stdin.readline(100)
    if not line:
        refuse(f"no guess after {guesses - 1} of them")
    if not re.fullmatch(r"\s*[0-9]{1,19}\s*", line, re.ASCII):
        refuse(f"guess {guesses} is no number: {line!r}")
    guess = int(line)
    if guess == hidden:
        break
    tell("lower" if hidden < guess else "higher")
else:
    refuse(f"not found with {MOST} guesses")
tell("correct")
if sys.stdin.read(100).strip():
    refuse("goes on after its number was found")
<%- if .MultiPass %>
<%- if .Scoring %>
# This folder is the same one in every pass.
worst = feedback / "worst"
guesses = max(guesses, int(worst.read_text()) if worst.exists() else 0)
worst.write_text(str(guesses))
<%- end %>
if rest:
    # The input of the next run, for the submission and for this program.
    (feedback / "nextpass.in").write_text(" ".join(map(str, [n, *rest])) + "\n")
    sys.exit(42)
<%- end %>
<%- if .Scoring %>
<%- if .Legacy %>
(feedback / "score.txt").write_text("100\n" if guesses <= 60 else "50\n")
<%- else %>
# The part of the points that this test case gives.
(feedback / "score_multiplier.txt").write_text("1\n" if guesses <= 60 else "0.5\n")
<%- end %>
<%- end %>
sys.exit(42)
