"""The city's report: figures by every cut, charts, and the rows behind each figure."""
