// Answers guesses, of which there may be ten.
//
// usage: answer input answer feedback_dir/ < guesses > answers
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

const int accepted = 42, wrong = 43, most = 10;
std::string feedback;

[[noreturn]] void refuse(const std::string &why) {
	std::ofstream(feedback + "judgemessage.txt") << why << '\n';
	std::exit(wrong);
}

int main(int argc, char **argv) {
	int secret;
	if (argc < 4 || !(std::ifstream(argv[1]) >> secret)) return 1;
	feedback = argv[3];
	for (int guesses = 0;; guesses++) {
		int guess;
		if (!(std::cin >> guess)) refuse("no guess, or none that is a number");
		if (guess < 1 || guess > 1000) refuse("guess " + std::to_string(guess) + " is out of range");
		if (guesses == most) refuse("too many guesses");
		if (guess == secret) break;
		std::cout << (secret < guess ? "lower" : "higher") << std::endl;
	}
	std::cout << "correct" << std::endl;
	std::string more;
	if (std::cin >> more) refuse("it goes on after the right guess");
	return accepted;
}
