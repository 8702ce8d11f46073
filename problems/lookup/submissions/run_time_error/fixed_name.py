import sys

words = open("words.txt").read().split()  # the argument may be another name
for word in sys.stdin.read().split()[1:]:
    print(words.index(word) + 1 if word in words else -1)
