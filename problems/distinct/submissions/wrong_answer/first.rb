puts gets.split.first
