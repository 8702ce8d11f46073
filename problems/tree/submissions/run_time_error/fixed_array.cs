// There is room for 100 nodes only.
using System;
using System.Linq;

class FixedArray {
	static void Main() {
		int n = int.Parse(Console.ReadLine());
		int[] depths = new int[100];
		int[] parents = Console.ReadLine().Split(' ').Where(word => word != "").Select(int.Parse).ToArray();
		for (int node = 1; node < n; node++) {
			depths[node] = depths[parents[node - 1]] + 1;
		}
		Console.WriteLine(depths.Max());
	}
}
