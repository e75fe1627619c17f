"""An order's story is handed out and checked offline; whoever changes it, in the file or the database, is found."""

import json
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from servicekit.seal.tree import leaf
from servicekit.testing_servers import database_url
from songjiao_cli import main
from songjiao_cli.api import Api
from songjiao_cli.seal import services
from songjiao_cli.season.play import administrator, look, operator, play
from songjiao_cli.season.script import read

PROGRAMMES = Path(__file__).parents[2] / "programmes"
NUMBER = "2026-0001"


def verify(file, root, *order):
    """What `songjiao seal verify` says, and its status."""
    done = CliRunner().invoke(main.app, ["seal", "verify", str(file), "--root", root, *order])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done.exit_code, done.output


@pytest.fixture(scope="module")
async def played(system):
    script = read(PROGRAMMES / "seasons" / "rehearsal.yaml")
    result, verdict = await play(system, script, PROGRAMMES, scale=1, seed=3, progress=lambda *_: None)
    assert result["ok"], verdict.found
    return verdict


@pytest.fixture(scope="module")
async def publication(system, played):
    async with Api(system.urls) as api:
        return await services.publish(api, operator(system))


@pytest.fixture(scope="module")
async def proofs(system, publication):
    """The proofs of two orders, as they stand in their files."""
    async with Api(system.urls) as api:
        kept = await services.published(api, operator(system), None)
        assert kept == publication
        return [
            (await services.prove_order(api, operator(system), number, kept)).model_dump(mode="json")
            for number in (NUMBER, "2026-0002")
        ]


@pytest.fixture
def tampered(proofs, publication, tmp_path):
    """What is said of the first order's file after somebody worked on it."""

    def check(work):
        proof = json.loads(json.dumps(proofs[0]))
        work(proof)
        file = tmp_path / "order.json"
        file.write_text(json.dumps(proof))
        status, said = verify(file, publication.root.hex(), "--order", NUMBER)
        assert status == (1 if "✗" in said else 0)
        return said

    return check


@pytest.mark.timeout(900)
class TestAnOrdersFile:
    def test_proves_the_whole_story(self, tampered, publication):
        said = tampered(lambda proof: None)
        assert f"proven by root {publication.root.hex()}" in said
        for told in ("order.submitted.v1", "scheme.confirmed.v1", "certificate.issued.v1", "nothing about"):
            assert told in said, "the portal says nothing about orders, all others do"

    def test_a_changed_fact(self, tampered):
        def work(proof):
            fact = proof["stories"]["order-intake"]["facts"][1]
            fact["body"] = fact["body"].replace("order.accepted", "order.rejected")

        assert "order-intake: changed: fact 2 (order.rejected.v1)" in tampered(work)

    def test_a_changed_mark_with_its_hash_made_anew(self, tampered):
        def work(proof):
            for fact in proof["stories"]["evaluation"]["facts"]:
                fact["body"] = fact["body"].replace('"passed":true', '"passed":false')
                fact["hash"] = leaf(fact["body"].encode()).hex()

        assert "evaluation: its" in tampered(work)

    def test_a_fact_dropped_in_the_middle(self, tampered):
        said = tampered(lambda proof: proof["stories"]["scheduling"]["facts"].pop(1))
        assert "scheduling: dropped: fact 2 before fact 3" in said

    def test_the_end_of_the_story_dropped(self, tampered):
        said = tampered(lambda proof: proof["stories"]["order-intake"]["facts"].pop())
        assert "order-intake: dropped: fact" in said
        assert "at the end" in said

    def test_a_service_dropped(self, tampered):
        assert "evaluation: its story is missing" in tampered(
            lambda proof: proof["stories"].pop("evaluation")
        )

    def test_a_fact_inserted(self, tampered):
        def work(proof):
            facts = proof["stories"]["order-intake"]["facts"]
            facts.append(facts[-1])

        assert "order-intake: inserted: fact" in tampered(work)

    def test_a_fact_moved_here_from_another_order(self, tampered, proofs):
        def work(proof):
            proof["stories"]["order-intake"]["facts"][1] = proofs[1]["stories"]["order-intake"]["facts"][1]

        assert f"is about {proofs[1]['order']}, not about this order" in tampered(work)

    def test_the_story_of_another_order(self, tampered, proofs):
        said = tampered(lambda proof: proof.update(proofs[1]))
        assert f"another order: 2026-0002 {proofs[1]['order']}, not {NUMBER}" in said
        assert "neither what it said" in tampered(lambda proof: proof.update(order=proofs[1]["order"]))


async def test_who_changes_a_fact_in_the_database_is_found_by_everybody(
    system, played, publication, proofs, tmp_path
):
    order = proofs[0]["order"]
    evaluation = await asyncpg.connect(database_url(system.addresses.database, "evaluation"))
    await evaluation.execute("alter table event disable trigger event_append_only")
    changed = await evaluation.execute(
        "update event set body = convert_to(replace(convert_from(body, 'UTF8'), '\"passed\":true', '\"passed\":false'),"
        " 'UTF8') where subject = $1 and type like 'candidate.assessed%' and body like '%\"passed\":true%'::bytea",
        order,
    )
    await evaluation.close()
    assert changed != "UPDATE 0"
    file = tmp_path / "order.json"
    async with Api(system.urls) as api:
        proof = await services.prove_order(api, operator(system), NUMBER, publication)
        file.write_text(proof.model_dump_json())
        status, said = verify(file, publication.root.hex(), "--order", NUMBER)
        assert status == 1
        assert "✗ evaluation: its" in said
        verdict = await look(system, api, administrator(system), main.load(PROGRAMMES))
    lines = "\n".join(verdict.found["every fact is sealed as it was sent"])
    assert "was changed: its facts are not the" in lines
    assert "is not as it was sealed" in lines
