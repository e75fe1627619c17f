"""How a worker's name shows where whoever looks need not know it whole: the same everywhere."""


def masked_name(name: str) -> str:
    """First and last character of a name: 张*伟; of two characters the first: 李*."""
    inner = max(len(name) - 2, 1)
    return f"{name[:1]}{'*' * inner}{name[2:][-1:]}" if len(name) > 1 else "*"
