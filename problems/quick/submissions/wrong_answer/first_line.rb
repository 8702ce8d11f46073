puts gets.count("aeiouAEIOU")
