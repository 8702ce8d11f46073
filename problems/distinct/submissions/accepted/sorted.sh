tr -s ' ' '\n' | grep . | sort -u
exit 0 # grep finds nothing in an empty input
