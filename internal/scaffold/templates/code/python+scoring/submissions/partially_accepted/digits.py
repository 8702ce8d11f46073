# Four letters for each decimal digit.
task, word = input().split()
if task == "encode":
    print("".join(format(int(d), "04b") for d in word).translate({48: "a", 49: "b"}))
else:
    bits = word.translate({97: "0", 98: "1"})
    print("".join(str(int(bits[i : i + 4], 2)) for i in range(0, len(bits), 4)))
