// Right as long as the sum fits into 32 bits.
#include <cstdint>
#include <iostream>

int main() {
	int64_t a, b;
	std::cin >> a >> b;
	std::cout << static_cast<int32_t>(static_cast<uint64_t>(a + b)) << '\n';
}
