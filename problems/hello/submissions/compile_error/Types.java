public class Types {
	public static void main(String[] args) {
		int greeting = "Hello, World!";
		System.out.println(greeting);
	}
}
