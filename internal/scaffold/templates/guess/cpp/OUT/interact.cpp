// The interactor: talks with a submission over standard input and output, and
// accepts (exit code 42) or refuses (43) it. Any other end is a judge error.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

const int most = <% if .Scoring %>120<% else %>60<% end %>; // guesses
std::string feedback;

[[noreturn]] void refuse(const std::string &why) {
	std::ofstream(feedback + "judgemessage.txt", std::ios::app) << why << "\n";
	std::exit(43);
}

int main(int, char **argv) {
	// A submission may have ended when it is written to.
	std::signal(SIGPIPE, SIG_IGN);
	feedback = argv[3]; // ends in a slash
	std::ifstream input(argv[1]);
	long long n, hidden<% if .MultiPass %>, next<% end %>;
	input >> n >> hidden;

	std::cout << n << std::endl;
	int guesses = 0;
	for (;;) {
		if (++guesses > most) refuse("not found with " + std::to_string(most) + " guesses");
		long long guess;
		if (!(std::cin >> guess)) refuse("guess " + std::to_string(guesses) + " is missing, or no number");
		if (guess == hidden) break;
		std::cout << (hidden < guess ? "lower" : "higher") << std::endl;
	}
	std::cout << "correct" << std::endl;
	if (std::string more; std::cin >> more) refuse("goes on after its number was found");
<%- if .MultiPass %>
<%- if .Scoring %>

	// This folder is the same one in every pass.
	int worst = 0;
	std::ifstream(feedback + "worst") >> worst;
	guesses = std::max(guesses, worst);
	std::ofstream(feedback + "worst") << guesses;
<%- end %>

	if (input >> next) {
		// The input of the next run, for the submission and for this program.
		std::ofstream(feedback + "nextpass.in") << n << ' ' << next << '\n';
		return 42;
	}
<%- end %>
<%- if .Scoring %>
<%- if .Legacy %>
	std::ofstream(feedback + "score.txt") << (guesses <= 60 ? 100 : 50) << '\n';
<%- else %>
	// The part of the points that this test case gives.
	std::ofstream(feedback + "score_multiplier.txt") << (guesses <= 60 ? 1 : 0.5) << '\n';
<%- end %>
<%- end %>
	return 42;
}
