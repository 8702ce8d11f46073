// Goes down to the leaves by recursion, and each call needs some kilobytes.
#include <algorithm>
#include <cstdio>
#include <vector>

std::vector<std::vector<int>> children;

int height(int node) {
	volatile char ballast[4096];
	ballast[0] = ballast[sizeof ballast - 1] = 0;
	int most = ballast[0];
	for (int child : children[node]) most = std::max(most, 1 + height(child));
	return most;
}

int main() {
	int n, parent;
	if (std::scanf("%d", &n) != 1) return 1;
	children.resize(n);
	for (int node = 1; node < n; node++) {
		if (std::scanf("%d", &parent) != 1) return 1;
		children[parent].push_back(node);
	}
	std::printf("%d\n", height(0));
}
