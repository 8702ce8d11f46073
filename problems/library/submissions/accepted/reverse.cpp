#include "palindrome.h"

bool is_palindrome(const std::string &word) {
	return word == std::string(word.rbegin(), word.rend());
}
