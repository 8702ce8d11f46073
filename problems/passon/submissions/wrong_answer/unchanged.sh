read action
cat
