# Python stops at a depth of 1000.
def height(node):
    return max((1 + height(child) for child in children[node]), default=0)


n = int(input())
children = [[] for _ in range(n)]
for node, parent in enumerate(map(int, input().split()), 1):
    children[parent].append(node)
print(height(0))
