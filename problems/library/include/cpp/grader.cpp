#include "palindrome.h"
#include <iostream>

int main() {
	std::string word;
	while (std::cin >> word) std::cout << (is_palindrome(word) ? "yes" : "no") << '\n';
}
