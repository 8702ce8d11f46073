// @EXPECTED_RESULTS@: COMPILER-ERROR
public class Types {
	public static void main(String[] args) {
		int greeting = "Hello, World!";
		System.out.println(greeting);
	}
}
