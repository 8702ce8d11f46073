/* Does not hear that its guess was correct, and dies of SIGPIPE, or would. */
#include <stdio.h>

int main(void) {
	for (;;) {
		printf("500\n");
		fflush(stdout);
	}
}
