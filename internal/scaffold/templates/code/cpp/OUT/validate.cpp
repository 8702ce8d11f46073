// Judges each of the two runs: accepts (exit code 42) or refuses (43) what the
// submission wrote. Any other end is a judge error.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

const int most = <% if .Scoring %>80<% else %>60<% end %>; // letters

int main(int, char **argv) {
	// The input file is that of this run. What else a run has to know of the
	// one before goes through the feedback folder, which stays the same.
	std::ifstream input(argv[1]);
	const std::string feedback = argv[3]; // ends in a slash
	auto refuse = [&](const std::string &why) {
		std::ofstream(feedback + "judgemessage.txt", std::ios::app) << why << "\n";
		std::exit(43);
	};

	std::string task, given, number, output, more;
	input >> task >> given;
	std::cin >> output;
	if (std::cin >> more) refuse("wrote more than one word");
	if (task == "encode") {
		if (output.empty() || output.find_first_not_of("ab") != output.npos) refuse("not a word of a and b");
		if ((int)output.size() > most) refuse(std::to_string(output.size()) + " letters are more than " + std::to_string(most));
		std::ofstream(feedback + "number") << given;
		// The input of the next run, for the submission and for this program.
		std::ofstream(feedback + "nextpass.in") << "decode " << output << "\n";
		return 42;
	}
	std::ifstream(feedback + "number") >> number;
	if (output != number) refuse("found a wrong number from the word " + given);
<%- if .Scoring %>
	// The part of the points that this test case gives.
	std::ofstream(feedback + "score_multiplier.txt") << (given.size() <= 60 ? 1 : 0.5) << "\n";
<%- end %>
	return 42;
}
