# Takes the largest coin that it can, which is not always best.
amount = int(input())
for value in sorted(map(int, input().split()), reverse=True):
    for _ in range(amount // value):
        print(value)
    amount %= value
