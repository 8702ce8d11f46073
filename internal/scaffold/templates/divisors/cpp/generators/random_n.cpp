// A random input for `evalx stress` and `evalx generate`. Arguments: a seed,
// and the largest n. The same arguments always have to make the same input.
#include <iostream>
#include <random>
#include <string>

int main(int, char **argv) {
	std::mt19937_64 random(std::stoull(argv[1]));
	const long long largest = std::stoll(argv[2]);
	std::cout << random() % largest + 1 << "\n";
}
