# Everything a contributor needs. `make check` before every push.
GO          ?= go
# Tools are pinned in a module of their own, so that they never become
# dependencies of evalx.
STATICCHECK  = $(GO) tool -modfile=tools/go.mod staticcheck
PACKAGES     = ./...
# -count=1: the sandbox tests depend on the kernel, which the test cache
# does not know of.
TESTFLAGS   ?= -count=1 -timeout 30m

# How long make fuzz fuzzes each function.
FUZZTIME    ?= 2m

export CGO_ENABLED = 0

.PHONY: build test verify-problems test-deps test-docker test-isolate lint fmt check clean bench-sandbox bench-judge bench-interactive bench-noise bench-compile bench-verify repeat-examples soak fuzz

build: ## build ./bin/evalx
	$(GO) build -o bin/evalx ./cmd/evalx

test: test-deps ## run every test; on Debian and Ubuntu install what they need first
	$(GO) test $(TESTFLAGS) $(PACKAGES)

verify-problems: build ## verify the example packages, as make test does
	bin/evalx verify --quiet problems

test-docker: ## the suites of isolate/docker on a real Docker Engine, which it starts, as root
	scripts/test-docker

test-isolate: ## the suites of isolate/ioi on a real isolate: make test-isolate ISOLATE=/usr/local/bin/isolate
	@test -x "$(ISOLATE)" || { echo 'test-isolate: say which isolate to test: make test-isolate ISOLATE=/usr/local/bin/isolate' >&2; exit 1; }
	EVALX_TEST_ISOLATE=$(abspath $(ISOLATE)) $(GO) test $(TESTFLAGS) -v -run TestReal ./isolate/ioi

test-deps: ## install the compilers that the tests need, or name those missing
	@scripts/test-deps

lint: ## formatting, vet on every platform that we release for, staticcheck
	@test -z "$$(gofmt -s -l $$(git ls-files '*.go' ':!problems'))" || \
		{ gofmt -s -d $$(git ls-files '*.go' ':!problems'); echo 'lint: run make fmt' >&2; exit 1; }
	$(GO) vet $(PACKAGES)
	GOOS=linux GOARCH=arm64 $(GO) vet $(PACKAGES)
	GOOS=darwin GOARCH=arm64 $(GO) vet $(PACKAGES)
	$(STATICCHECK) $(PACKAGES)

fmt: ## format the Go files
	gofmt -s -w $$(git ls-files '*.go' ':!problems')

check: lint test ## what .ci/run runs

bench-sandbox: ## what a sandboxed run costs, as a ratio to fork+exec+wait
	$(GO) run ./internal/bench/sandbox

bench-judge: build ## judging 100 small test cases against a bare shell loop
	$(GO) run ./internal/bench/judge bin/evalx

bench-interactive: build ## round trips of an interactive problem, against plain pipes
	$(GO) run ./internal/bench/interactive bin/evalx

bench-noise: build ## how CPU times and verdicts depend on what else the machine does; some minutes
	$(GO) run ./internal/bench/noise bin/evalx

bench-compile: build ## compiling and starting on a known program, against plain g++
	$(GO) run ./internal/bench/compile bin/evalx

bench-verify: build ## verifying 30 submissions on 100 test cases against a bare shell loop; some minutes
	$(GO) run ./internal/bench/verify bin/evalx

repeat-examples: test-deps ## judge every example 20 times and want the same verdicts
	$(GO) test -count=1 -timeout 4h -run TestExamples ./cmd/evalx -repeat 20

soak: ## 10,000 good and bad runs, and nothing may have grown
	$(GO) run ./internal/bench/soak

fuzz: ## fuzz everything that reads what untrusted code writes, each for FUZZTIME
	scripts/fuzz $(FUZZTIME)

clean: ## remove what make built
	rm -rf bin dist
