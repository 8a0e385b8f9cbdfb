# Fasthold's commands. Each needs Go; `test` and what follows also needs
# PostgreSQL's binaries, Chromium and xmllint, and says so when they are missing.

GOLANGCI ?= go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 5s

# Runs a command beside a private PostgreSQL, or beside the one that
# FASTHOLD_TEST_POSTGRES names. Nested, the outermost one serves all.
POSTGRES = go run ./store/storetest/pgtemp --

# Fasthold is built without a C compiler; only the race detector needs one.
export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help demo test check bench generate fmt vet lint generated tidy architecture race migrations fuzz benchmarks vulnerabilities vendor screenshots pictures icons

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## run the demo on 127.0.0.1:8080
	go run ./cmd/fasthold demo

test: ## every test, on SQLite and on PostgreSQL
	$(POSTGRES) go test -count=1 -shuffle=on -timeout 30m ./...

generate: ## regenerate the generated code
	go generate ./...

vendor: ## fetch the design system and scripts of the pages from npm anew (needs Node)
	node scripts/vendor.mjs

screenshots: ## take the pictures of docs/tour anew (needs Chromium)
	FASTHOLD_TOUR=$(CURDIR)/docs/tour go test -count=1 -run 'TestTour$$' ./cmd/fasthold

pictures: ## take a picture of every page in every state that its tests see, into ./pictures (as long as they take)
	mkdir -p pictures
	$(POSTGRES) env FASTHOLD_TEST_PICTURES=$(CURDIR)/pictures go test -count=1 -timeout 30m ./api

icons: ## draw the icons of the shop's page from icon.svg anew (needs Chromium)
	./scripts/icons

bench: ## measure the service against pgbench (ARGS go to cmd/bench)
	go run ./cmd/bench $(ARGS)

check: ## all that must hold before a commit goes out (the steps below, in their order)
	$(POSTGRES) $(MAKE) --no-print-directory fmt vet lint generated tidy architecture race migrations fuzz benchmarks vulnerabilities
	@echo "check: all is well"

fmt: ## no file that gofmt would change
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "gofmt -w these:"; echo "$$files"; exit 1; fi

vet: ## go vet
	go vet ./...

lint: ## golangci-lint (its first build takes some minutes)
	$(GOLANGCI) config verify
	$(GOLANGCI) run ./...

generated: ## generated code is what its sources generate
	./scripts/generated

tidy: ## go.mod and go.sum are tidy, and what was downloaded is what they say
	go mod tidy -diff
	go mod verify

architecture: ## the dependency rule and the shape of the folders
	go test -count=1 -run '^TestArchitecture' .

race: ## every test under the race detector, in random order, on both databases
	@command -v "$$(go env CC)" >/dev/null || { echo "the race detector needs a C compiler: apt-get install gcc libc6-dev"; exit 1; }
	$(POSTGRES) env CGO_ENABLED=1 go test -race -count=1 -shuffle=on -timeout 30m ./...

migrations: ## migrations go up, down and up again on both databases
	$(POSTGRES) ./scripts/must-run 'UpDownUp' ./store/... ./migrations/...

fuzz: ## each fuzz target for FUZZTIME
	$(POSTGRES) ./scripts/fuzz $(FUZZTIME)

benchmarks: ## each Go benchmark once, so that none rots
	$(POSTGRES) go test -run '^$$' -bench . -benchtime 1x ./...

vulnerabilities: ## govulncheck, where its database can be reached
	./scripts/vulnerabilities
