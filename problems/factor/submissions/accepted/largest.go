// The smallest factor comes last.
package main

import "fmt"

func main() {
	var n int64
	fmt.Scan(&n)
	d := int64(2)
	for n%d != 0 {
		d++
	}
	fmt.Println(n/d, d)
}
