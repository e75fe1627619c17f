"""The plan of the whole federation: changed where it may be, and only for what a change is worth.

`adapt`, `improve` and `repair` load the compiled engine; the rest does not.
"""
