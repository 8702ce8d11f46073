// Accepts the input of the first run, by exit code 42, if it is to the letter
// as the statement says.
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

int main() {
	std::string text{std::istreambuf_iterator<char>(std::cin), {}}, word;
	std::istringstream in(text);
	long long x = 0;
	in >> word >> x;
	if (text != "encode " + std::to_string(x) + "\n") {
		std::cerr << "not the word encode and a whole number\n";
		return 43;
	}
	if (x < 1 || x > 1000000000000000000) {
		std::cerr << "out of range\n";
		return 43;
	}
	return 42;
}
