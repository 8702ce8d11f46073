"""Accepts any triangle with a right angle and the given perimeter.

usage: validate.py input answer feedback_dir/ < output
"""
import sys

with open(sys.argv[1]) as file:
    perimeter = int(file.read())
try:
    a, b, c = sorted(map(int, sys.stdin.read().split()))
except ValueError:
    sys.exit(43)
ok = a > 0 and a + b + c == perimeter and a * a + b * b == c * c
sys.exit(42 if ok else 43)
