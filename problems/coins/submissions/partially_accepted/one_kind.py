# Pays with coins of one value, and not at all where none of them fits.
amount = int(input())
for value in sorted(map(int, input().split()), reverse=True)[:-1]:
    if amount % value == 0:
        print(*[value] * (amount // value))
        break
