// Binary digits, but only 32 of them.
#include <iostream>
#include <string>

std::string encode(long long x) {
	std::string word;
	for (; x > 0; x /= 2) word.insert(0, 1, "ab"[x % 2]);
	return word;
}

int main() {
	std::string task, word;
	std::cin >> task >> word;
	if (task == "encode") {
		std::cout << encode(std::stoll(word) % (1LL << 32)) << "\n";
		return 0;
	}
	long long x = 0;
	for (char letter : word) x = 2 * x + (letter == 'b');
	std::cout << x << "\n";
}
