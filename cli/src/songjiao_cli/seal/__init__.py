"""`songjiao seal`: publish a root over everything said so far, hand out proofs, and check them without us."""
