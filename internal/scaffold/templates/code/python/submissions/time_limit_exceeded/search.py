# Looks for the number whose word it is.
def encode(x):
    return format(x, "b").translate({48: "a", 49: "b"})


task, word = input().split()
if task == "encode":
    print(encode(int(word)))
else:
    x = 1
    while encode(x) != word:
        x += 1
    print(x)
