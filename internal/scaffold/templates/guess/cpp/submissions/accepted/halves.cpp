// Halves what is left with every guess.
#include <iostream>
#include <string>

int main() {
	long long low = 1, high;
	std::cin >> high;
	for (;;) {
		long long guess = low + (high - low) / 2;
		std::cout << guess << std::endl;
		std::string answer;
		std::cin >> answer;
		if (answer == "correct") break;
		if (answer == "lower") high = guess - 1;
		else low = guess + 1;
	}
}
