"""Whether a file is the whole log under a root: the chains and the heads are made anew from all facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from servicekit.seal.chain import BEFORE_ALL, NOTHING, Head, Part, Publication, Window, fold
from servicekit.seal.tree import leaf, root_of
from songjiao_cli.seal.facts import read_fact
from songjiao_cli.seal.forms import LogWindow
from songjiao_cli.seal.story import wrong_root


@dataclass
class Chain:
    """One service's log as far as it was read."""

    last: Window = BEFORE_ALL
    facts: int = 0
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Per subject the last sequence and the folded hashes."""

    def take(self, told: LogWindow) -> list[str]:
        """What is wrong with the next window; the chain goes on from what it says of itself."""
        leaves = [leaf(body.encode()) for body in told.bodies]
        window, lines = told.window, []
        if window.number != self.last.number + 1:
            lines.append(f"window {window.number} follows window {self.last.number}: dropped or inserted")
        elif (window.root, window.count) != (root_of(leaves), len(leaves)):
            lines.append(f"window {window.number} was changed: its facts are not the {window.count} sealed")
        elif window != self.last.next(leaves):
            lines.append(f"window {window.number} does not follow from window {self.last.number}")
        self.last = window
        self.facts += len(leaves)
        for body, hash_ in zip(told.bodies, leaves, strict=True):
            lines += self._fold(told, body, hash_)
        return lines

    def _fold(self, told: LogWindow, body: str, hash_: bytes) -> list[str]:
        fact = read_fact(body)
        if fact is None:
            return [f"window {told.window.number}: what is no fact"]
        sequence, folded = self.heads.get(fact.subject, (0, NOTHING))
        self.heads[fact.subject] = (fact.sequence, fold(folded, hash_))
        lines = []
        if fact.sequence != sequence + 1:
            lines.append(f"window {told.window.number}: {fact} about {fact.subject} follows fact {sequence}")
        if fact.source != told.service:
            lines.append(f"window {told.window.number}: {fact} was said by {fact.source}")
        return lines

    def wrong_at_end(self, part: Part) -> list[str]:
        """What does not agree with the published part."""
        if self.last.number != part.windows:
            return [f"the file ends with window {self.last.number}, {part.windows} are published"]
        lines = []
        if (self.last.chained, self.facts) != (part.chained, part.facts):
            lines.append(f"its {part.windows} windows are not those that were published")
        heads = [
            Head.model_construct(subject=subject, sequence=sequence, folded=folded).leaf
            for subject, (sequence, folded) in sorted(self.heads.items(), key=lambda item: item[0].encode())
        ]
        if (root_of(heads), len(heads)) != (part.heads, part.subjects):
            lines.append(
                f"the heads that were published are not those of these facts: {part.subjects} subjects are "
                f"published, {len(heads)} are spoken of"
            )
        return lines


def wrong_in_log(publication: Publication, windows: Iterable[LogWindow], root: bytes) -> list[str]:
    """All that does not hold; nothing when these are all facts of all services, as sealed."""
    lines = wrong_root(publication, root)
    chains = {part.service: Chain() for part in publication.parts}
    for told in windows:
        chain = chains.get(told.service)
        wrong = chain.take(told) if chain else ["a window of a service that has no part in the root"]
        lines += [f"{told.service}: {line}" for line in wrong]
    for part in publication.parts:
        lines += [f"{part.service}: {line}" for line in chains[part.service].wrong_at_end(part)]
    return lines
