"""Claims of subsidies (补贴申领): what certificates bring, until when, and what is still missing, by whom."""
