"""Reads an included file, which every language gets."""
import sys

most = int(open("limits.txt").read().split()[1])
words = open(sys.argv[1]).read().split()
assert most == 1000 and len(words) <= most
for word in sys.stdin.read().split()[1:]:
    print(words.index(word) + 1 if word in words else -1)
