// Finds the middle step by step.
#include <iostream>
#include <string>

int main() {
	long long low = 1, high;
	std::cin >> high;
	for (;;) {
		volatile long long a = low, b = high; // or the compiler knows better
		while (a + 1 < b) a = a + 1, b = b - 1;
		std::cout << a << std::endl;
		std::string answer;
		std::cin >> answer;
		if (answer == "correct") break;
		if (answer == "lower") high = a - 1;
		else low = a + 1;
	}
}
