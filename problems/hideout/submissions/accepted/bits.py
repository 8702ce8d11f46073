def ask(line):
    print(line, flush=True)
    return int(input())


if input() == "hide":
    n = int(input())
    print(n >> 2 & 1, n >> 1 & 1, n & 1, "done", sep="\n", flush=True)
else:
    print("!", 4 * ask(0) + 2 * ask(1) + ask(2), flush=True)
