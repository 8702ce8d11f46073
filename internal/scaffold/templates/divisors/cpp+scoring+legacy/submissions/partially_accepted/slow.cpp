// Tries every number.
#include <iostream>

int main() {
	long long n, count = 0;
	std::cin >> n;
	for (long long d = 1; d <= n; d++)
		if (n % d == 0) count++;
	std::cout << count << "\n";
}
