// Prints six significant digits, as C++ does when not told otherwise.
#include <cmath>
#include <iostream>

int main() {
	double r;
	std::cin >> r;
	std::cout << M_PI * r * r << '\n';
}
