// The output is right, but the exit code says that something went wrong.
#include <iostream>

int main() {
	std::cout << "Hello, World!\n";
	return 1;
}
