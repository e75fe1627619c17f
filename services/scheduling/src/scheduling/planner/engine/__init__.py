"""The planner's engine: a whole federation's sessions at once, on flat arrays, compiled.

`solve` is its door: an `Instance` (the exchange format) goes in, a plan that keeps every hard rule comes out, the
best that the time or the rounds allow. H1 to H11 and the four tiers are those of the format's own description
(tests/bench/planning/README.md).
"""
