// Accepts an input, by exit code 42, if it is as the interactor expects it:
// n and the hidden number<% if .MultiPass %> of each of the two runs<% end %>. It is no secret from the author, and
// never seen by a submission.
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

int refuse(const std::string &why) {
	std::cerr << why << "\n";
	return 43;
}

int main() {
	std::string text{std::istreambuf_iterator<char>(std::cin), {}};
	std::istringstream in(text);
	long long n, hidden<% if .MultiPass %>, second<% end %>;
	if (!(in >> n >> hidden<% if .MultiPass %> >> second<% end %>)) return refuse("not <% if .MultiPass %>three<% else %>two<% end %> whole numbers");

	// No leading zeros, single spaces, one end of line: written again, it is
	// the same.
	std::ostringstream again;
	again << n << ' ' << hidden<% if .MultiPass %> << ' ' << second<% end %> << '\n';
	if (again.str() != text) return refuse("too many spaces, zeros, lines or numbers");

	if (n < 1 || n > 1000000000000000000) return refuse("n is out of range");
	if (hidden < 1 || hidden > n) return refuse("the hidden number is out of range");
<%- if .MultiPass %>
	if (second < 1 || second > n) return refuse("the second hidden number is out of range");
<%- end %>
	return 42;
}
