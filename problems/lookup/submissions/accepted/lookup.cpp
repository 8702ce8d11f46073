#include <array>
#include <fstream>
#include <iostream>
#include <string>

int main(int, char **argv) {
	std::array<std::string, {{most_words.value}}> words;
	std::ifstream file(argv[1]);
	int size = 0;
	while (file >> words[size]) size++;
	int n;
	std::cin >> n;
	for (std::string word; std::cin >> word;) {
		int at = 0;
		while (at < size && words[at] != word) at++;
		std::cout << (at < size ? at + 1 : {{nowhere}}) << '\n';
	}
}
