// Forgets the capitals.
import { readFileSync } from "fs";

const text: string = readFileSync(0, "utf8");
let vowels = 0;
for (const letter of text) {
  if ("aeiou".includes(letter)) vowels++;
}
console.log(vowels);
