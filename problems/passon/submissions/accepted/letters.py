if input() == "encode":
    n, word = int(input()), ""
    while n or not word:
        n, digit = divmod(n, 26)
        word = chr(97 + digit) + word
    print(word)
else:
    n = 0
    for letter in input():
        n = 26 * n + ord(letter) - 97
    print(n)
