amount = int(input())
values = list(map(int, input().split()))
fewest = [[]]
for a in range(1, amount + 1):
    fewest.append(min((fewest[a - v] + [v] for v in values if v <= a), key=len))
print(*fewest[amount])
