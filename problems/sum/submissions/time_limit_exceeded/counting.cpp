// Counts from a up to a + b, one by one, with a division for each.
#include <iostream>

int main() {
	long long a, b;
	std::cin >> a >> b;
	volatile long long sum = a, modulus = 1LL << 62;
	for (long long i = 0; i < b; i++) sum = (sum + 1) % modulus;
	for (long long i = 0; i > b; i--) sum = (sum - 1) % modulus;
	std::cout << sum << '\n';
}
