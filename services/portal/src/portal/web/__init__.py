"""What every page has: language, templates, assets, who looks at it."""
