"""Is right where no word is there twice, and crashes elsewhere."""
import sys

words = open(sys.argv[1]).read().split()
assert len(set(words)) == len(words)
for word in sys.stdin.read().split()[1:]:
    print(words.index(word) + 1 if word in words else -1)
