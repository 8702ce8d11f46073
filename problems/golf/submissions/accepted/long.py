words = input().split()
words.reverse()
print(" ".join(words))
