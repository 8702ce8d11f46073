depths = [0]
n = int(input())
for parent in map(int, input().split()):
    depths.append(depths[parent] + 1)
print(max(depths))
