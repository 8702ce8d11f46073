// A random input for `evalx stress`. Arguments: a seed, and the largest x. The
// same arguments always have to make the same input.
#include <iostream>
#include <random>
#include <string>

int main(int, char **argv) {
	std::mt19937_64 random(std::stoull(argv[1]));
	const long long largest = std::stoll(argv[2]);
	std::cout << "encode " << random() % largest + 1 << "\n";
}
