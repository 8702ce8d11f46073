# Binary digits.
task, word = input().split()
if task == "encode":
    print(format(int(word), "b").translate({48: "a", 49: "b"}))
else:
    print(int(word.translate({97: "0", 98: "1"}), 2))
