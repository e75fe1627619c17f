"""The five ledgers: commands, sequences, effects, order, explanation. Each answers with lines, none when equal."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from songjiao_cli.chaos.oracle.world import ROGUE, Books, Effect, Fact, Pair, World, once
from songjiao_cli.installation import SPEAKERS

TOPICS_OF = {
    "order-intake": {"songjiao.orders"}, "scheduling": {"songjiao.orders", "songjiao.supply"},
    "instructor-dispatch": {"songjiao.orders"}, "evaluation": {"songjiao.orders", "songjiao.demand"},
    "portal": {"songjiao.orders", "songjiao.supply", "songjiao.demand"},
}  # fmt: skip
"""What each service's consumer reads: from these it owes an effect of every fact of others, and no other."""


def commands(world: World) -> Iterator[str]:
    """L: no answered command lacks its facts, no refused one has any, an unanswered one is whole or absent."""
    there = {f"{fact['source']}/{fact['subject']}/{fact['sequence']}": fact for fact in world.facts}
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in world.facts:
        if fact.get("correlationid"):
            by_key[fact["correlationid"]].append(fact)
    for command in world.commands:
        own = [fact for fact in by_key[command.key] if not fact.get("causationid")]
        told = f"{command.service} {command.what} {command.key}"
        yield from (f"L: {told}: {how}" for how in command.wrong)
        if command.done:
            yield from (f"L: {told}: answered, but no fact {p}" for p in command.positions if p not in there)
            if len(own) > 0 and not command.positions:
                yield f"L: {told}: left {len(own)} facts, the answer names none"
        elif command.answered and by_key[command.key]:
            yield f"L: {told}: refused with {command.status}, but there is {by_key[command.key][0]['type']}"
        if world.is_forgotten(command):
            continue
        kept = world.books[command.service].answered.get(command.key)
        yield from _whole_or_absent(told, kept, own, there)
        if command.done and command.status != (kept or (None,))[0]:
            yield f"L: {told}: answered {command.status}, kept is {kept and kept[0]}"


def _whole_or_absent(
    told: str, kept: tuple[int, str] | None, own: list[Fact], there: dict[str, Fact]
) -> Iterator[str]:
    """The kept answer and the facts come together or not at all, and each command acts once."""
    if kept is None:
        if own:
            yield f"L: {told}: {len(own)} facts without a kept answer"
        return
    named = re.findall(r"[a-z-]+/[A-Za-z0-9_.:-]+/[0-9]+", kept[1])
    yield from (
        f"L: {told}: its kept answer names {each}, which is nowhere" for each in named if each not in there
    )
    last = {subject: int(sequence) for _, subject, sequence in (each.split("/") for each in named)}
    for fact in own:
        if fact["sequence"] > last.get(fact["subject"], 0):
            yield f"L: {told}: {fact['type']} {fact['sequence']} is not of the kept answer: done twice?"


def sequences(world: World) -> Iterator[str]:
    """S: per sender and subject 1..n in this order after repeats are dropped; repeats have the same bytes; the
    topics hold exactly what the event tables hold.
    """
    bodies: dict[str, bytes] = {}
    for record in world.records:
        if record.fact is None:
            continue
        first = bodies.setdefault(record.fact["id"], record.raw)
        if first != record.raw:
            yield f"S: repeat of {record.fact['id']} at {record.topic}/{record.partition}/{record.offset} differs"
    last: dict[Pair, int] = defaultdict(int)
    for fact in world.facts:
        pair = (fact["source"], fact["subject"])
        if fact["sequence"] != last[pair] + 1:
            yield f"S: {pair[0]} about {pair[1]}: {fact['sequence']} comes after {last[pair]} ({fact['type']})"
        last[pair] = max(last[pair], fact["sequence"])
    for service in SPEAKERS:
        book = world.books[service]
        if book.unsent:
            yield f"S: {service}: {book.unsent} facts are unsent"
        said = {fact["id"] for fact in world.facts if fact["source"] == service}
        yield from (
            f"S: {service}: fact {id_} of its log is on no topic" for id_ in book.events.keys() - said
        )
        yield from (
            f"S: {service}: fact {id_} on the topic is not in its log" for id_ in said - book.events.keys()
        )
        yield from (
            f"S: {service}: fact {id_} has other bytes on the topic than in its log"
            for id_ in said & book.events.keys()
            if bodies[id_] != book.events[id_]
        )


def effects(world: World) -> Iterator[str]:
    """E: each consumer gave each fact of its topics exactly one effect; nothing is parked, and none was given up."""
    known = {fact["id"]: fact for fact in world.facts}
    kinds = {id_: f"{fact['type']} of {fact['subject']}" for id_, fact in known.items()}
    for service, book in world.books.items():
        yield from (f"E: {service}: parked, {subject}: {error[:160]}" for subject, error in book.parked)
        counted = Counter(effect.id for effect in book.effects)
        expected = {
            fact["id"]
            for fact in once(r for r in world.records if r.topic in TOPICS_OF[service])
            if fact["source"] != service
        }
        for id_ in sorted(book.skipped & expected):
            yield f"E: {service}: {kinds[id_]} was given up by a person ({id_})"
        missing = expected - book.skipped - counted.keys()
        if service in world.unnoted:
            missing = {each for each in missing if not _is_behind(book, known[each])}
        for id_ in sorted(missing):
            yield f"E: {service}: no effect of {kinds[id_]} ({id_})"
        for id_, times in counted.items():
            if times > 1:
                yield f"E: {service}: {times} effects of {kinds.get(id_, 'a rogue fact')} ({id_})"
            if id_ in kinds and id_ not in expected:
                yield f"E: {service}: an effect of {kinds[id_]}, which is not on its topics"
    yield from _reactions_once(world)


def _is_behind(book: Books, fact: Fact) -> bool:
    """The head has it: taken by a version that notes no effects."""
    return book.heads.get((fact["source"], fact["subject"]), 0) >= int(fact["sequence"])


def _reactions_once(world: World) -> Iterator[str]:
    """No fact led twice to one and the same: the same cause, type and content, drawn ids apart."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for fact in world.facts:
        if fact.get("causationid"):
            data = {
                k: v for k, v in fact["data"].items() if k not in {"assignment_id", "offered_at", "answer_by"}
            }
            seen[fact["causationid"], fact["type"], repr(sorted(data.items()))] += 1
    yield from (f"E: {times} times {key[1]} because of {key[0]}" for key, times in seen.items() if times > 1)


def order(world: World) -> Iterator[str]:
    """O: each consumer applied a subject's facts as they stand on the topic, whoever sent them; each sender's in
    their sequence; heads stand at the last.
    """
    place = {fact["id"]: at for at, fact in enumerate(world.facts)}
    for service, book in world.books.items():
        yield from _as_on_the_topic(service, book, place)
        last: dict[Pair, int] = defaultdict(int)
        for effect in sorted(book.effects, key=lambda each: each.seq):
            pair = (effect.sender, effect.subject)
            if effect.sequence <= last[pair]:
                yield f"O: {service}: {pair[0]} about {pair[1]}: {effect.sequence} was applied after {last[pair]}"
            last[pair] = effect.sequence
        for pair, sequence in last.items():
            if book.heads.get(pair, 0) < sequence:
                yield f"O: {service}: head of {pair} is {book.heads.get(pair)}, {sequence} was applied"


def _as_on_the_topic(service: str, book: Books, place: dict[str, int]) -> Iterator[str]:
    before: dict[str, Effect] = {}
    for effect in sorted(book.effects, key=lambda each: each.seq):
        if effect.id not in place:
            continue
        last = before.get(effect.subject)
        if last is not None and place[effect.id] < place[last.id]:
            yield (
                f"O: {service}: {effect.subject}: {effect.sender} {effect.sequence} was applied after "
                f"{last.sender} {last.sequence}, which follows it on the topic"
            )
        before[effect.subject] = effect


def explanation(world: World) -> Iterator[str]:
    """X: each cause resolves, a person's act has none, what a service did by itself says why; the story has all."""
    known = {fact["id"]: fact for fact in world.facts}
    for fact in known.values():
        cause, actor = fact.get("causationid"), fact.get("actor") or ""
        told = f"{fact['type']} {fact['id']}"
        if not actor:
            yield f"X: {told}: nobody did it"
        if cause and cause not in known:
            yield f"X: {told}: its cause {cause} is nowhere"
        if cause and actor and not actor.startswith("service:"):
            yield f"X: {told}: {actor}'s own act has a cause"
        if (
            not cause and actor == f"service:{fact['source']}"
        ):  # one asked by another service is a request, too
            yield f"X: {told}: {actor} does not say why"
    for id_ in known:
        if world.story.get(id_, 0) != 1:
            yield f"X: the story has {known[id_]['type']} {id_} {world.story.get(id_, 0)} times"
    rogues = {r.fact["id"] for r in world.records if r.fact is not None and r.fact["source"] == ROGUE}
    yield from (
        f"X: the story has {id_}, which nobody said" for id_ in world.story.keys() - known.keys() - rogues
    )


LEDGERS = {"L": commands, "S": sequences, "E": effects, "O": order, "X": explanation}
