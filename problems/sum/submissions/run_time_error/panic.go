package main

import "fmt"

func main() {
	var sums map[string]int
	sums["a"] = 1
	fmt.Println(sums["a"])
}
