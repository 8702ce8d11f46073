# Wants to hear more in the second pass, and so does the validator.
if input() == "hide":
    n = int(input())
    print(n >> 2 & 1, n >> 1 & 1, n & 1, "done", sep="\n", flush=True)
else:
    input()
