// Follows a null pointer.
int main() {
	volatile int *nothing = nullptr;
	return *nothing;
}
