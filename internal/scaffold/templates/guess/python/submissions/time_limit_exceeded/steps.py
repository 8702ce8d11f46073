# Finds the middle step by step.
low, high = 1, int(input())
while True:
    a, b = low, high
    while a + 1 < b:
        a, b = a + 1, b - 1
    print(a, flush=True)
    answer = input()
    if answer == "correct":
        break
    if answer == "lower":
        high = a - 1
    else:
        low = a + 1
