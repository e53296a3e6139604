# `make` alone prints what there is: the texts behind ## below.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Two processors are enough; the packages' tests wait more than they compute.
TEST_FLAGS ?= -shuffle=on -timeout 20m -p 2
# The C of SQLite, in Go, works on memory of its own, which the race detector does not watch: to watch it there finds nothing and
# costs a third of the time. The packages around it share generic code with ours, and stay watched.
RACE = -race -gcflags=modernc.org/sqlite/lib=-race=false
FUZZ_TIME  ?= 10s
BENCH_TIME ?= 1x
PLATFORMS  ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
LINT = $(GO) tool -modfile=.ci/lint/go.mod

.PHONY: help demo quick test soak month lint build release bench fuzz cover
.DEFAULT_GOAL := help

help: ## print this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
		printf '  make %-7s %s\n' "$$target" "$$text"; done

demo: ## the real bot with stand-ins for Slack and the meeting service, and a page to use it on
	$(GO) run ./cmd/overtime demo

quick: ## the tests that take no more than moments, within a minute
	$(GO) test -short -p 2 ./...

test: ## all tests, then the quick ones with the race detector; as root on Debian it installs what they need first
	@.ci/setup
	TMPDIR=$$(.ci/scratch) $(GO) test $(TEST_FLAGS) ./...
	TMPDIR=$$(.ci/scratch) $(GO) test $(TEST_FLAGS) -vet=off $(RACE) -short ./...

soak: ## an hour of mixed traffic with faults on three processes, instead of the minute of make test
	OVERTIME_SOAK=1h $(GO) test -timeout 90m -run '^TestSoak$$' -v ./cmd/overtime

month: ## a simulated month of an enterprise, instead of the week of make test
	OVERTIME_DAYS=31 $(GO) test -timeout 60m -run '^TestWeek$$' -v ./cmd/overtime

lint: ## gofumpt, go vet and staticcheck
	@echo 'gofumpt -l .'; unformatted=$$($(LINT) gofumpt -l .) || exit 1; \
		if [ -n "$$unformatted" ]; then echo "$$unformatted"; echo 'not formatted: go tool -modfile=.ci/lint/go.mod gofumpt -w .'; exit 1; fi
	$(GO) vet ./...
	$(LINT) staticcheck ./...

build: ## the static binary and its manual page, bin/overtime and bin/overtime.1
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/overtime ./cmd/overtime
	@bin/overtime man >bin/overtime.1

release: ## archives for linux and darwin with checksums and SBOMs, in dist/ (needs GNU tar)
	cmd/overtime/deploy/release dist $(PLATFORMS)

bench: ## speed of the whole way from command to answer, beside a bare loop
	$(GO) test -run '^$$' -bench . -benchtime $(BENCH_TIME) -timeout 10m ./cmd/overtime

fuzz: ## every fuzz test for FUZZ_TIME (10s)
	@for file in $$(grep -rl '^func Fuzz' --include='*_test.go' .); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "$$name"; $(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ_TIME) "$$(dirname "$$file")" || exit 1; \
		done; done

cover: ## which lines the tests run: coverage.html
	$(GO) test -coverprofile=coverage.out -coverpkg=./... ./...
	$(GO) tool cover -html=coverage.out -o coverage.html
	@$(GO) tool cover -func=coverage.out | tail -1
