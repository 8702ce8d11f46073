# Binary digits, but only 32 of them.
task, word = input().split()
if task == "encode":
    print(format(int(word) % 2**32, "b").translate({48: "a", 49: "b"}))
else:
    print(int(word.translate({97: "0", 98: "1"}), 2))
