# Leaves up to two thirds with every guess, instead of half.
low, high = 1, int(input())
while True:
    guess = low + (high - low) // 3
    print(guess, flush=True)
    answer = input()
    if answer == "correct":
        break
    if answer == "lower":
        high = guess - 1
    else:
        low = guess + 1
