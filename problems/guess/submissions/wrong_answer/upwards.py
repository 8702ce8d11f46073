# Takes too many guesses. The validator ends first, so that it does not matter
# that this one then fails to read an answer.
guess = 1
while True:
    print(guess, flush=True)
    if input() == "correct":
        break
    guess += 1
