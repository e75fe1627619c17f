"""Merkle trees as in RFC 6962: roots, and the paths that lead from a leaf to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""Root of a tree without leaves."""


def leaf(data: bytes) -> bytes:
    """The hash of what a leaf holds; never that of two hashes joined."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes; the odd one at the end of a level goes up as it is."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0]


@dataclass(slots=True)
class _Subtree:
    root: bytes
    height: int
    followed: list[int]
    """Places of the leaves in it whose path is wanted."""


class Tree:
    """Takes leaf hashes one after the other, and keeps only the roots of full subtrees and the paths asked for."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[_Subtree] = []
        self._paths: dict[int, list[bytes]] = {}

    def add(self, hash_: bytes, *, follow: bool = False) -> None:
        """The next leaf; `follow` when its path is wanted."""
        added = _Subtree(hash_, 0, [self.size] if follow else [])
        if follow:
            self._paths[self.size] = []
        self.size += 1
        while self._full and self._full[-1].height == added.height:
            added = self._joined(self._full.pop(), added)
        self._full.append(added)

    def close(self) -> tuple[bytes, Mapping[int, Sequence[bytes]]]:
        """The root, and by place the path of each leaf that was followed; no leaf comes after."""
        if not self._full:
            return EMPTY, {}
        last = self._full.pop()
        while self._full:
            last = self._joined(self._full.pop(), last)
        return last.root, self._paths

    def _joined(self, left: _Subtree, right: _Subtree) -> _Subtree:
        for at in left.followed:
            self._paths[at].append(right.root)
        for at in right.followed:
            self._paths[at].append(left.root)
        return _Subtree(node(left.root, right.root), left.height + 1, left.followed + right.followed)


def leads(hash_: bytes, at: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether this path leads from the leaf at this place of a tree of this size to its root (RFC 9162, 2.1.3.2)."""
    if not 0 <= at < size:
        return False
    last = size - 1
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash_ = node(beside, hash_)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hash_ = node(hash_, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root
