# Every target says what it does after "##"; a bare "make" prints that list.
.DEFAULT_GOAL := help
.PHONY: help check build test lint generate fuzz bench demo clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## set up what is missing and pass everything CI asks for
	@scripts/check

build: ## one static binary in bin/qingfeng
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/qingfeng ./cmd/qingfeng

test: ## the tests of every module, with the race detector, both databases and a browser
	@scripts/check tests

lint: ## formatting, go vet, staticcheck, errcheck, generated files
	@scripts/check format generated vet staticcheck errcheck

generate: ## rewrite the Go files of the views
	@scripts/setup tools
	@scripts/generate

fuzz: ## every fuzz target for ten seconds; FUZZTIME=1m for longer
	@scripts/fuzz

bench: ## the benchmark table
	@scripts/bench

demo: ## the model city on http://127.0.0.1:8080
	go run ./cmd/qingfeng demo

clean: ## remove what was built, keep what was recorded
	rm -rf bin .cache bench/out
