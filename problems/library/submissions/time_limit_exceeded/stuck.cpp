#include "palindrome.h"

bool is_palindrome(const std::string &word) {
	volatile size_t i = 0, j = word.size() - 1;
	while (i != j) { // never true of an even length
		if (word[i % word.size()] != word[j % word.size()]) return false;
		i = i + 1;
		j = j - 1;
	}
	return true;
}
