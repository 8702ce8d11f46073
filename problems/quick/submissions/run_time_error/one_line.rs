use std::io::{self, BufRead};

fn main() {
    let lines: Vec<String> = io::stdin().lock().lines().map(|line| line.unwrap()).collect();
    assert_eq!(lines.len(), 1, "expected one line");
    println!("{}", lines[0].chars().filter(|c| "aeiouAEIOU".contains(*c)).count());
}
