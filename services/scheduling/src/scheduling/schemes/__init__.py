"""One enterprise, one scheme: drafted, tailored, approved, confirmed; versions are kept."""
