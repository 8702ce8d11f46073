use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let r: f64 = line.trim().parse().unwrap();
    println!("{:e}", std::f64::consts::PI * r * r);
}
