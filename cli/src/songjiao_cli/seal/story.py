"""Whether a file is one order's whole story under a root: every check, pure. A line says what is wrong, and where."""

from collections.abc import Sequence
from itertools import pairwise

from servicekit.seal.chain import NOTHING, Part, PlacedHead, Publication, SealedFact, Story, fold, root_over
from servicekit.seal.tree import EMPTY, leads, leaf
from songjiao_cli.seal.facts import ReadFact, read_fact
from songjiao_cli.seal.forms import OrderProof


def wrong_root(publication: Publication, root: bytes) -> list[str]:
    """Whether this is what was published; without it nothing else in the file means anything."""
    made = root_over(publication.parts)
    if made == publication.root == root:
        return []
    told = f"they make {made.hex()}, and the root given is {root.hex()}"
    return [f"the file belongs to another root, or its parts were changed: {told}"]


def wrong_in_order(proof: OrderProof, root: bytes, asked: str | None) -> list[str]:
    """All that does not hold; nothing when each fact is as it was sealed, and none is missing or too much."""
    publication = proof.publication
    lines = wrong_root(publication, root)
    for part in publication.parts:
        story = proof.stories.get(part.service)
        if story is None:
            lines.append(f"{part.service}: its story is missing, and the root holds a part of it")
        else:
            lines += wrong_in_story(part, story, proof.order)
    strangers = sorted(set(proof.stories) - {part.service for part in publication.parts})
    lines += [f"{service}: a story of a service that has no part in the root" for service in strangers]
    numbers = numbers_of(proof)
    if asked is not None and asked not in {proof.order, *numbers}:
        known = " ".join([*numbers, proof.order])
        lines.append(f"the file is about another order: {known}, not {asked}")
    return lines


def numbers_of(proof: OrderProof) -> list[str]:
    """The number (2026-0137) that the order's own facts give it; as good as they are."""
    intake = proof.stories.get("order-intake")
    facts = (read_fact(said.body) for said in intake.facts) if intake else ()
    numbers = (
        fact.data.get("number")
        for fact in facts
        if fact and fact.subject == proof.order == fact.data.get("order_id")
    )
    return list(dict.fromkeys(number for number in numbers if isinstance(number, str)))


def wrong_in_story(part: Part, story: Story, subject: str) -> list[str]:
    """What one service has said about the order, against its head in the published tree."""
    if [head.subject for head in story.heads] != [subject]:
        if not _says_nothing(part, story.heads, subject):
            return [
                f"{part.service}: neither what it said about {subject} is proven here, nor that it said nothing"
            ]
        return [
            f"{part.service}: inserted: {_named(said)}; it has said nothing about {subject} under this root"
            for said in story.facts
        ]
    head = story.heads[0]
    if not _leads(part, head):
        return [f"{part.service}: the seal over its {head.sequence} facts does not lead to the root"]
    lines = [line for said in story.facts for line in _wrong_alone(part.service, said, subject)]
    lines += _wrong_sequence(story.facts, head.sequence)
    folded = NOTHING
    for said in story.facts:
        folded = fold(folded, leaf(said.body.encode()))
    if folded != head.folded and not lines:
        lines.append(
            f"its {head.sequence} facts are not those that were sealed: bytes or hashes were changed"
        )
    return [f"{part.service}: {line}" for line in lines]


def _wrong_alone(service: str, said: SealedFact, subject: str) -> list[str]:
    lines = []
    if leaf(said.body.encode()) != said.hash:
        lines.append(f"changed: {_named(said)}: its bytes do not make its hash {said.hash.hex()}")
    fact = read_fact(said.body)
    if fact is not None and fact.subject != subject:
        lines.append(f"inserted: {fact} is about {fact.subject}, not about this order")
    if fact is not None and fact.source != service:
        lines.append(f"inserted: {fact} was said by {fact.source}")
    return lines


def _wrong_sequence(facts: Sequence[SealedFact], sealed: int) -> list[str]:
    lines, expected = [], 1
    for said in facts:
        fact = read_fact(said.body)
        if fact is None:
            lines.append(f"{_named(said)} stands where fact {expected} should")
            expected += 1
        elif fact.sequence < expected:
            lines.append(f"inserted: {fact} stands twice, or not in its order")
        else:
            if fact.sequence > expected:
                lines.append(f"dropped: {_some(expected, fact.sequence - 1)} before {fact}")
            expected = fact.sequence + 1
    if expected <= sealed:
        lines.append(f"dropped: {_some(expected, sealed)} at the end, {sealed} are sealed")
    elif expected > sealed + 1:
        lines.append(f"inserted: {_some(sealed + 1, expected - 1)} at the end, {sealed} are sealed")
    return lines


def _some(first: int, last: int) -> str:
    return f"fact {first}" if first == last else f"facts {first} to {last}"


def _named(said: SealedFact) -> str:
    fact: ReadFact | None = read_fact(said.body)
    return str(fact) if fact else "what is no fact"


def _leads(part: Part, head: PlacedHead) -> bool:
    return leads(head.leaf, head.at, part.subjects, head.path, part.heads)


def _says_nothing(part: Part, heads: Sequence[PlacedHead], subject: str) -> bool:
    """The places to both sides of where the subject would stand are proven, and there is none between."""
    if not part.subjects:
        return not heads and part.heads == EMPTY
    if not all(_leads(part, head) for head in heads):
        return False
    sought = subject.encode()
    if len(heads) == 1:
        at, there = heads[0].at, heads[0].subject.encode()
        return (at == 0 and sought < there) or (at == part.subjects - 1 and there < sought)
    return len(heads) == 2 and all(  # noqa: PLR2004  one to each side
        before.at + 1 == after.at and before.subject.encode() < sought < after.subject.encode()
        for before, after in pairwise(heads)
    )
