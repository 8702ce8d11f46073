fun main() {
    println(generateSequence(::readLine).sumBy { line -> line.count { it in "aeiouAEIOU" } })
}
