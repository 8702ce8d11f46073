// Accepts any two factors greater than one whose product is the input.
// usage: product input answer feedback_dir < output
#include <fstream>
#include <iostream>
#include <string>

const int accepted = 42, wrong = 43;

int main(int argc, char **argv) {
	if (argc < 4) return 1;
	std::ifstream input(argv[1]);
	std::ofstream message(std::string(argv[3]) + "/judgemessage.txt");
	long long n, a, b;
	if (!(input >> n)) return 1;
	if (!(std::cin >> a >> b)) {
		message << "expected two integers\n";
		return wrong;
	}
	if (a < 2 || b < 2) {
		message << a << " and " << b << ": both must be greater than one\n";
		return wrong;
	}
	if (n % a != 0 || n / a != b) {
		message << a << " * " << b << " is not " << n << "\n";
		return wrong;
	}
	std::string rest;
	if (std::cin >> rest) {
		message << "more than two integers: " << rest << "\n";
		return wrong;
	}
	return accepted;
}
