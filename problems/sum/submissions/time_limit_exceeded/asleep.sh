# Uses no CPU time, only time.
read -r a b
echo $((a + b))
((b >= 0)) || sleep 1000
