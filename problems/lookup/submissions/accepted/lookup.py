import sys

lines = {}
for number, word in enumerate(open(sys.argv[1]).read().split(), 1):
    lines[word] = number
for word in sys.stdin.read().split()[1:]:
    print(lines.get(word, {{nowhere}}))
