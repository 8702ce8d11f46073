import re
import sys

lines = sys.stdin.read().split("\n")
assert re.fullmatch("[1-9][0-9]*", lines[0]) and int(lines[0]) <= {{most_words}}
assert len(lines) == int(lines[0]) + 2 and lines[-1] == ""
assert all(re.fullmatch("[a-z]+", word) for word in lines[1:-1])
# The file of the test case is in the working folder, and its name comes last.
words = open(sys.argv[-1]).read().split("\n")
assert 2 <= len(words) <= {{most_words}} + 1 and words[-1] == ""
assert all(re.fullmatch("[a-z]+", word) for word in words[:-1])
sys.exit(42)
