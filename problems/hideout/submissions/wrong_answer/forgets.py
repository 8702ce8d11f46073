# Looks at one line too few.
if input() == "hide":
    n = int(input())
    print(n >> 2 & 1, n >> 1 & 1, n & 1, "done", sep="\n", flush=True)
else:
    n = 0
    for line in 0, 1:
        print(line, flush=True)
        n = 2 * n + int(input())
    print("!", 2 * n, flush=True)
