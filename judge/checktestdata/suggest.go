package checktestdata

import "strings"

// suggest returns a hint that names the choice most like word, or "".
func suggest(word string, choices []string) string {
	best, least := "", len(word)/3+2
	for _, c := range choices {
		if d := distance(strings.ToUpper(word), strings.ToUpper(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "do you mean " + best + "?"
}

// distance is the number of letters to change, add or leave out to get from
// one word to another.
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
