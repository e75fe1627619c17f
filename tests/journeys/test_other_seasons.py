"""Nothing of the numbers is in code: another season's file, and a larger scale, play and verify too."""

from pathlib import Path

import pytest

from servicekit.tokens import Issuer
from songjiao_cli.api import Api, Person
from songjiao_cli.season.play import NotEmpty, play
from songjiao_cli.season.script import read
from songjiao_cli.system import System
from songjiao_cli.verify.personal import anywhere, sought

from .covered import proofs, unaccounted
from .papers import metadata_of, metadata_within

PROGRAMMES = Path(__file__).parents[2] / "programmes"


async def played(system, name, *, scale, seed=7):
    script = read(PROGRAMMES / "seasons" / f"{name}.yaml")
    result, _ = await play(system, script, PROGRAMMES, scale=scale, seed=seed, progress=lambda *_: None)
    return result


TIMES = 2


@pytest.fixture(scope="module")
async def rehearsal(system):
    """The small season twice over, as it went."""
    return await played(system, "rehearsal", scale=TIMES)


@pytest.mark.timeout(900)
async def test_a_small_season_twice_over_plays_and_verifies(system, rehearsal):
    assert rehearsal["ok"], rehearsal
    assert rehearsal["sessions"]["held"] == 5 * TIMES
    assert rehearsal["person_times"] == 102 * TIMES
    assert rehearsal["sessions"]["special"] == TIMES
    assert rehearsal["orders"] == {"fulfilled": 5 * TIMES}
    with pytest.raises(NotEmpty, match="down --reset"):
        await played(system, "rehearsal", scale=1)


async def test_a_joint_order_is_taught_certified_and_counted_for_each_enterprise(system, rehearsal):
    by = rehearsal["by"]["enterprise"]
    for copy in ("", "-2"):
        one, other = by[f"demo01{copy}"], by[f"demo04{copy}"]
        assert one["heads"] + other["heads"] == one["person_times"] + other["person_times"] == 5 + 4 - 1
        assert (one["heads"], other["heads"]) == (5, 3), "in every play somebody of the member stays away"
    found = await proofs(system)
    assert {number: open_ for number, proof in found.items() if (open_ := unaccounted(proof))} == {}
    # 24 - 1 stays away - 2 fail, 6 - 1 fails, and of the joint class 9 - 1 stays away - 2 fail
    assert rehearsal["certificates"]["issued"] == (21 + 5 + 6) * TIMES


async def test_no_worker_is_named_where_none_may_be(system, rehearsal):
    """`verify` has found nobody in facts, tables and logs; nor do figures, papers and answers that say no."""
    assert rehearsal["checks"]["nobody is named where no name may be"] == "holds"
    environment = system.full_environment("portal")
    who = await sought(environment)
    assert len(who.numbers) > 50
    asked = await looked_through(system, who)
    assert {"certificate", "archive", "metrics", "a 404", "a 422"} <= {
        place.partition(":")[0] for place in asked
    }
    assert [line for place, text in asked.items() for line in who.lines(place, text)] == []
    logs = {service: system.installation.log(service) for service in system.urls}
    assert await anywhere([], environment, logs) == [], "what was just asked has left nothing, either"


async def looked_through(system, who):
    """What is answered, by where: figures, what PDFs tell of themselves, refusals to a name and a number."""
    issuer = Issuer.from_file("portal", system.installation.private_key("portal"))
    union = Person("look", "", own_token=lambda: issuer.user_token("look", ["union"], "smftu"))
    name, number = min(who.names), min(who.numbers)
    found = {}
    async with Api(system.urls) as api:
        headers = {"Authorization": f"Bearer {await api.token_of(union)}"}

        async def get(service, path):
            return await api.client.get(f"{system.urls[service]}{path}", headers=headers)

        (order, *_) = await api.call(union, "GET", "order-intake", "/orders", params={"state": "fulfilled"})
        of = order["order_id"]
        (one, *_) = await api.call(union, "GET", "evaluation", f"/orders/{of}/batches")
        certificates = await api.call(union, "GET", "evaluation", "/certificates", params={"order_id": of})
        paper = (await get("evaluation", f"/certificates/{certificates[0]['certificate_id']}/pdf")).content
        found["certificate"] = metadata_of(paper)
        pack = (await get("evaluation", f"/batches/{one['batch_id']}/archive")).content
        found |= {f"archive: {place}": text for place, text in metadata_within(pack)}
        for service, url in system.urls.items():
            found[f"metrics: {service}"] = (await api.client.get(f"{url}/metrics")).text
            found[f"a 404: {service}"] = (await get(service, "/nothing/here")).text
        for path in ("/c/S000000", "/orders/2020-0001", "/nothing"):
            found[f"a 404: portal{path}"] = (await get("portal", path)).text
        for service, path in (("order-intake", "/people"), ("instructor-dispatch", "/people")):
            body = {"purpose": number, "workers": [name], "people": [number], "unknown": name}
            answer = await api.client.post(f"{system.urls[service]}{path}", json=body, headers=headers)
            assert answer.status_code == 422, answer.text
            found[f"a 422: {service}"] = answer.text
    return found


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_the_sanming_season_three_times_over(tmp_path_factory):
    system = System(
        tmp_path_factory.mktemp("threefold"), programmes=PROGRAMMES, practice=True, ephemeral=True
    )
    try:
        system.start()
        result = await played(system, "send-teachers-home", scale=3)
    finally:
        system.stop()
    assert result["ok"], result
    assert result["person_times"] == 3 * 7400


@pytest.mark.timeout(900)
async def test_a_seed_plays_the_same_season_again(rehearsal, tmp_path_factory):
    system = System(tmp_path_factory.mktemp("again"), programmes=PROGRAMMES, practice=True, ephemeral=True)
    try:
        system.start()
        again = await played(system, "rehearsal", scale=TIMES)
    finally:
        system.stop()
    measured = {"seconds", "calls"}  # calls: how often it was asked whether all is quiet
    assert {k: v for k, v in again.items() if k not in measured} == {
        k: v for k, v in rehearsal.items() if k not in measured
    }
