#include "compare.h"

bool same_ends(const std::string &word, size_t i) {
	return word[i] == word[word.size() - 1 - i];
}
