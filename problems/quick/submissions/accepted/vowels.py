import sys

print(sum(letter in "aeiouAEIOU" for letter in sys.stdin.read()))
