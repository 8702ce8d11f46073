r = gets.to_f
puts Math::PI * r * r
