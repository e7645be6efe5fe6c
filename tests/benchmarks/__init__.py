"""Speed as ratios within one run; `make bench` prints them and writes build/bench.json."""
