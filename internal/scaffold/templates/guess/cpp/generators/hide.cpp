// A random input for `evalx stress`. Arguments: a seed, and n. The same
// arguments always have to make the same input.
#include <iostream>
#include <random>
#include <string>

int main(int, char **argv) {
	std::mt19937_64 random(std::stoull(argv[1]));
	const long long n = std::stoll(argv[2]);
	std::cout << n << ' ' << random() % n + 1<% if .MultiPass %> << ' ' << random() % n + 1<% end %> << "\n";
}
