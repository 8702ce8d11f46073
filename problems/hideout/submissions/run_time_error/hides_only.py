assert input() == "hide"
n = int(input())
print(n >> 2 & 1, n >> 1 & 1, n & 1, "done", sep="\n", flush=True)
