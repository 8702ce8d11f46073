// Four letters for each decimal digit.
#include <iostream>
#include <string>

int main() {
	std::string task, word, out;
	std::cin >> task >> word;
	if (task == "encode") {
		for (char digit : word)
			for (int bit = 8; bit > 0; bit /= 2) out += (digit - '0') & bit ? 'b' : 'a';
	} else {
		for (size_t i = 0; i + 4 <= word.size(); i += 4) {
			int digit = 0;
			for (size_t j = i; j < i + 4; j++) digit = 2 * digit + (word[j] == 'b');
			out += char('0' + digit);
		}
	}
	std::cout << out << "\n";
}
