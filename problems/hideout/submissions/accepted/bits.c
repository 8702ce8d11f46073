#include <stdio.h>
#include <string.h>

int main(void) {
	char action[10];
	int n = 0;
	if (scanf("%9s", action) != 1) return 1;
	if (strcmp(action, "hide") == 0) {
		if (scanf("%d", &n) != 1) return 1;
		printf("%d\n%d\n%d\ndone\n", n & 1, n >> 1 & 1, n >> 2);
		return 0;
	}
	for (int i = 0, bit; i < 3; i++) {
		printf("%d\n", i);
		fflush(stdout);
		if (scanf("%d", &bit) != 1) return 1;
		n += bit << i;
	}
	printf("! %d\n", n);
	return 0;
}
