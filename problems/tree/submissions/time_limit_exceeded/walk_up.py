# Walks from every node up to the root.
input()
parents = [0] + list(map(int, input().split()))
highest = 0
for node in range(len(parents)):
    height = 0
    while node != 0:
        node = parents[node]
        height += 1
    highest = max(highest, height)
print(highest)
