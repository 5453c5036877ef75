# Everything here needs only Python 3.11, make and, the first time, root or sudo for Debian
# packages. What it makes lies under .local/.

# The CKAN release of the tests: 2.12 or 2.11.
CKAN ?= 2.12
# More arguments for pytest, such as ARGS='-k batch -x'.
ARGS ?=
export ARGS

# Signals reach the tool itself, not a shell between.
STACK = exec python3 -m tools.stack

# The folder of records for fidelity: *.jsonl.gz, the portal's labels as keys.
CORPUS ?=
export CORPUS

# A list of portals to harvest, JSON; the project's own replay servers without it.
PORTALS ?=
export PORTALS

.PHONY: help demo test smoke same browser screenshots lint venv up site stop status clean pin bench bench-large bench-national bench-pages described fidelity obligations round-trip faults survival

help:
	@echo "make demo            servers, a harvest of replayed portals, CKAN in Chinese"
	@echo "make test            lint and all tests on CKAN 2.12 (CKAN=2.11; ARGS='-k word')"
	@echo "make smoke           only the tests marked smoke"
	@echo "make same            1,000 datasets through batches and through CKAN's actions, compared"
	@echo "make browser         only the tests in a browser"
	@echo "make screenshots     pictures of every page in .local/screenshots, to look at"
	@echo "make lint            ruff, mypy, import-linter"
	@echo "make venv            the virtual environment .local/venv-$(CKAN)"
	@echo "make up              PostgreSQL, Redis and Solr alone; prints their addresses"
	@echo "make site            all servers, without a harvest"
	@echo "make status | stop   list or end the servers of this copy"
	@echo "make clean           end them and delete .local/, the demo's data included"
	@echo "make bench           every benchmark, as ratios to the stock way (ARGS='--only reindex')"
	@echo "make bench-large     the writer on a site of 350,000 datasets, which it fills first"
	@echo "make bench-national  harvests 670 portals, 350,000 records (PORTALS=FILE; ARGS='--portals 67 --records 35000')"
	@echo "make bench-pages     fills a site to 350,000 datasets, measures its pages (ARGS='--datasets 20000')"
	@echo "make fidelity        replay a corpus and tell how faithful the harvest is (CORPUS=DIR)"
	@echo "make obligations     what each level asks of a corpus that it lacks (CORPUS=DIR)"
	@echo "make described       describes a corpus in RDF, reads it back, validates it (CORPUS=DIR)"
	@echo "make round-trip      sends a corpus through the workbook and back (CORPUS=DIR)"
	@echo "make faults          provokes every fault and writes docs/faults.md"
	@echo "make survival        kills workers and servers at random instants, writes docs/survival.md"
	@echo "make pin             choose new pinned versions: constraints/*.txt"

demo up site stop status clean lint pin:
	@$(STACK) $@

test smoke same browser screenshots venv bench bench-large bench-pages faults survival:
	@$(STACK) $@ --ckan '$(CKAN)' --pytest "$$ARGS"

bench-national:
	@$(STACK) $@ --ckan '$(CKAN)' --pytest "$$ARGS" --portals "$$PORTALS"

described fidelity obligations round-trip:
	@$(STACK) $@ --ckan '$(CKAN)' --corpus "$$CORPUS"
