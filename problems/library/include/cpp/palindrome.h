#pragma once
#include <string>

// Tells whether the word is the same read backwards.
bool is_palindrome(const std::string &word);
