// Prints large sums rounded.
const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);
console.log(Math.fround(a + b));
