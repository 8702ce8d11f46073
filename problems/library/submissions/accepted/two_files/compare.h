#pragma once
#include <string>

bool same_ends(const std::string &word, size_t i);
