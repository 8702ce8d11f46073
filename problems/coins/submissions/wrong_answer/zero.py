# There is no coin worth zero.
print(0)
