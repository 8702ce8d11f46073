// Sums, and then spins on several threads: the time of all of them counts.
import java.util.Scanner;

public class Forever {
	static volatile long spins;

	public static void main(String[] args) {
		Scanner in = new Scanner(System.in);
		System.out.println(in.nextLong() + in.nextLong());
		System.out.flush();
		for (int i = 0; i < 4; i++) {
			new Thread(() -> { while (true) spins++; }).start();
		}
	}
}
