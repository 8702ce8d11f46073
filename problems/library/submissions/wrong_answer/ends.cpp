#include "palindrome.h"

bool is_palindrome(const std::string &word) {
	return word.front() == word.back();
}
