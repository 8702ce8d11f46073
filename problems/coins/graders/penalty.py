"""Adds up the scores of what is accepted, and a penalty for everything else.

usage: penalty.py penalty=1000 < results
"""
import sys

penalty = int(sys.argv[1].partition("=")[2])
results = [line.split() for line in sys.stdin]
accepted = [float(score) for verdict, score in results if verdict == "AC"]
score = sum(accepted) + penalty * (len(results) - len(accepted))
print("AC" if accepted else results[0][0], f"{score:g}")
