// Leaves up to two thirds with every guess, instead of half.
#include <iostream>
#include <string>

int main() {
	long long low = 1, high;
	std::cin >> high;
	for (;;) {
		long long guess = low + (high - low) / 3;
		std::cout << guess << std::endl;
		std::string answer;
		std::cin >> answer;
		if (answer == "correct") break;
		if (answer == "lower") high = guess - 1;
		else low = guess + 1;
	}
}
