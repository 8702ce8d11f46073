/* Its guess stays in a buffer, so both programs wait for ever. */
#include <stdio.h>
#include <string.h>

int main(void) {
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	int low = 1, high = 1000;
	char answer[20] = "";
	while (strcmp(answer, "correct") != 0) {
		int guess = (low + high) / 2;
		printf("%d\n", guess);
		if (scanf("%19s", answer) != 1) return 1;
		if (strcmp(answer, "lower") == 0) high = guess - 1;
		if (strcmp(answer, "higher") == 0) low = guess + 1;
	}
	return 0;
}
