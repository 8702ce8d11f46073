// Looks for the number whose word it is.
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
		std::cout << encode(std::stoll(word)) << "\n";
		return 0;
	}
	long long x = 1;
	while (encode(x) != word) x++;
	std::cout << x << "\n";
}
