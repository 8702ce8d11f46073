#include <cassert>
#include <iostream>

int main() {
	long long n;
	std::cin >> n;
	assert(n % 2 == 0);
	std::cout << 2 << ' ' << n / 2 << '\n';
}
