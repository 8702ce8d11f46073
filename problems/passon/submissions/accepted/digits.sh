read action
read given
if [ "$action" = encode ]; then
    echo "$given" | tr 0-9 a-j
else
    echo "$given" | tr a-j 0-9
fi
