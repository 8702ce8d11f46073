// A submission of several files.
#include "palindrome.h"
#include "compare.h"

bool is_palindrome(const std::string &word) {
	for (size_t i = 0; i < word.size(); i++) {
		if (!same_ends(word, i)) return false;
	}
	return true;
}
