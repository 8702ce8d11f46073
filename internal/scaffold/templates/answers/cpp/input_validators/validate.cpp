// Accepts an input, by exit code 42, if it is to the letter as the statement
// says. Arguments come from the <% .GroupFile %> of the group: the largest n.
#include <iostream>
#include <iterator>
#include <string>

int refuse(const std::string &why) {
	std::cerr << why << "\n";
	return 43;
}

int main(int argc, char **argv) {
	const long long largest = argc > 1 ? std::stoll(argv[1]) : 10000000000;
	std::string text{std::istreambuf_iterator<char>(std::cin), {}};

	// No spaces, no leading zeros, one end of line.
	if (text.size() < 2 || text.size() > 19 || text.back() != '\n') return refuse("not one line");
	text.pop_back();
	if (text.find_first_not_of("0123456789") != text.npos) return refuse("not a whole number");
	if (text[0] == '0') return refuse("starts with 0");
	if (std::stoll(text) > largest) return refuse("too large");
	return 42;
}
