module github.com/evalx/evalx

go 1.25.0

ignore ./problems

require golang.org/x/sys v0.41.0
