module github.com/evalx/evalx

go 1.25.0

ignore ./problems

require golang.org/x/sys v0.41.0

require gopkg.in/yaml.v3 v3.0.1
