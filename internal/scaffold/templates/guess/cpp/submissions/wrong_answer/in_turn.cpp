// Guesses one number after the other: too many guesses.
#include <iostream>
#include <string>

int main() {
	long long n;
	std::cin >> n;
	std::string answer;
	for (long long guess = 1; guess <= n && answer != "correct"; guess++) {
		std::cout << guess << std::endl;
		if (!(std::cin >> answer)) break;
	}
}
