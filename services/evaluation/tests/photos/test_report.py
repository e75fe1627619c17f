"""A session's report with incidents, materials and photos: over HTTP, on a real database."""

import asyncio
import hashlib
import io
import zipfile
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from contracts.evaluation import SessionClosed, SessionPhotoKept
from contracts.refusals import NotFound
from evaluation.photos import commands
from servicekit.facts import hold_subject

from .photographed import a_photo


async def sent(client, session, content, name="photo.jpg", key=None):
    return await client.post(
        f"/sessions/{session.session_id}/photos",
        files={"file": (name, content)},
        headers={"Idempotency-Key": key or str(uuid4())},
    )


async def test_what_happened_and_what_was_handed_out_is_reported(evaluation, given, union):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    lead = await given.opened(played, session)
    await given.move_to(session.slot.ends_at)
    path = f"/sessions/{session.session_id}"
    wrong = await lead.post(f"{path}/close", json={"incidents": ["incident.flood"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "report.incident_unknown")
    told = {
        "report_text": "按计划完成", "incidents": ["incident.power"], "incident_text": "停电十分钟",
        "materials": [{"material": "material.handout", "count": 30}],
    }  # fmt: skip
    assert (await lead.post(f"{path}/close", json=told)).status_code == 200
    (closed,) = await evaluation.facts(played.order_id, type="session.closed.v1")
    assert isinstance(closed, SessionClosed)
    assert (closed.incidents, closed.materials[0].count) == (("incident.power",), 30)
    seen = (await union.get(f"{path}/report")).json()
    assert {name: seen[name] for name in told} == told
    async with evaluation.transactions.begin() as tx:
        raw = await tx.driver.fetch("select text from session_note where session_id = $1", session.session_id)
    assert not any("停电".encode() in row["text"] for row in raw)


async def test_a_photo_is_kept_without_what_the_phone_adds_and_its_place_is_the_unions(
    evaluation, given, union, jinniu, bgzb
):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    lead = await given.closed(played, session)
    content = a_photo(place=True, owner="某人")
    added = await sent(lead, session, content)
    assert (added.status_code, added.json()["new"]) == (201, True)
    assert (await sent(lead, session, content)).json()["new"] is False
    (fact,) = await evaluation.facts(played.order_id, type="session.photo_kept.v1")
    assert isinstance(fact, SessionPhotoKept)
    path = f"/sessions/{session.session_id}"
    picture = await jinniu.get(f"{path}/photos/{fact.photo_id}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert hashlib.sha256(picture.content).hexdigest() == fact.sha256
    with Image.open(io.BytesIO(picture.content)) as kept:
        assert dict(kept.getexif()) == {}
    small = await jinniu.get(f"{path}/photos/{fact.photo_id}", params={"small": True})
    assert len(small.content) < len(picture.content)
    places = [(await one.get(f"{path}/report")).json()["photos"][0]["place"] for one in (union, jinniu, lead)]
    assert places == ["26.26389,117.63889", None, None]
    async with evaluation.transactions.begin() as tx:
        raw = await tx.driver.fetchval("select place from session_photo where photo_id = $1", fact.photo_id)
    assert b"117" not in raw
    for address in (f"{path}/report", f"{path}/photos/{fact.photo_id}"):
        assert (await bgzb.get(address)).status_code == 404
    assert (await union.get(f"{path}/photos/{uuid4()}")).json()["code"] == "photo.unknown"
    await evaluation.fire_deadlines(fact.kept_at + timedelta(days=181))
    for size in (False, True):
        gone = await union.get(f"{path}/photos/{fact.photo_id}", params={"small": size})
        assert gone.json()["code"] == "photo.unknown"
    assert (await union.get(f"{path}/report")).json()["photos"] == []
    kept = {each["of"]: each for each in (await union.get("/kept")).json()}
    assert (kept["places"]["removed"], kept["places"]["waiting"]) == (1, 0)


async def test_what_is_refused_is_named_and_nothing_of_it_is_kept(evaluation, given, union, jinniu):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    early = await sent(given.as_person("instructor", played.lead), session, a_photo())
    assert (early.status_code, early.json()["code"]) == (409, "photo.not_open")
    lead = await given.closed(played, session)
    other = given.as_person("instructor", uuid4())
    another = await given.an_order(heads=2, sessions=1)
    await given.opened(another, another.sessions[0])
    for client, content, where, code in (
        (lead, b"no picture", session, "photo.no_image"),
        (lead, b"\xff\xd8" + b"\0" * (13 * 1024 * 1024), session, "photo.too_large"),
        (lead, b"\xff\xd8" + b"\0" * (50 * 1024 * 1024), session, "request.too_large"),
        (lead, a_photo(), another.sessions[0], "session.unknown"),
        (other, a_photo(), session, "session.unknown"),
    ):
        refused = await sent(client, where, content)
        assert refused.json()["code"] == code
    assert (await sent(jinniu, session, a_photo())).status_code == 403
    assert (await union.get(f"/sessions/{session.session_id}/report")).json()["photos"] == []
    assert await evaluation.facts(played.order_id, type="session.photo_kept.v1") == []
    for n in range(9):
        assert (await sent(lead, session, a_photo(shade=10 * n))).status_code == 201
    full = await sent(lead, session, a_photo(shade=200))
    assert (full.status_code, full.json()["code"]) == (409, "photo.too_many")
    assert len(await evaluation.facts(played.order_id, type="session.photo_kept.v1")) == 9
    await given.move_to(session.slot.ends_at + timedelta(hours=72))
    late = await sent(lead, session, a_photo(shade=210))
    assert (late.status_code, late.json()["code"]) == (409, "photo.too_late")


async def test_nothing_is_added_once_the_enterprise_has_confirmed_also_while_the_photo_is_on_its_way(
    evaluation, given, union, jinniu, monkeypatch
):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    lead = await given.closed(played, session)
    path = f"/sessions/{session.session_id}"
    key, photo = str(uuid4()), a_photo()
    first = await sent(lead, session, photo, key=key)
    assert first.status_code == 201
    dropped = []
    photos = evaluation.transactions.known.photos

    async def confirmed_meanwhile(tx, order_id):
        assert (await jinniu.post(f"{path}/confirm")).status_code == 204
        await hold_subject(tx, order_id)

    async def noted(session_id, photo_id):
        dropped.append(photo_id)
        await type(photos).drop(photos, session_id, photo_id)

    with monkeypatch.context() as during:
        during.setattr(commands, "hold_subject", confirmed_meanwhile)
        during.setattr(photos, "drop", noted)
        refused = await sent(lead, session, a_photo(shade=50))
    assert (refused.status_code, refused.json()["code"]) == (409, "photo.confirmed")
    (gone,) = dropped
    with pytest.raises(NotFound):
        await photos.get(session.session_id, gone, small=False)
    after = await sent(lead, session, a_photo(shade=60))
    assert (after.status_code, after.json()["code"]) == (409, "photo.confirmed")
    again = await sent(lead, session, photo, key=key)
    assert (again.status_code, again.json()) == (201, first.json()), "sent again it has its first answer"
    assert len((await union.get(f"{path}/report")).json()["photos"]) == 1
    assert len(await evaluation.facts(played.order_id, type="session.photo_kept.v1")) == 1


async def test_no_connection_is_held_while_a_photo_is_stored(evaluation, given, monkeypatch):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    lead = await given.closed(played, session)
    photos, open_ = evaluation.transactions.known.photos, []
    begin, put = type(evaluation.transactions).begin, type(photos).put

    @asynccontextmanager
    async def counted(transactions):
        async with begin(transactions) as tx:
            open_.append(asyncio.current_task())
            try:
                yield tx
            finally:
                open_.remove(asyncio.current_task())

    async def seen(*given_):
        assert asyncio.current_task() not in open_
        await put(photos, *given_)

    monkeypatch.setattr(type(evaluation.transactions), "begin", counted)
    monkeypatch.setattr(photos, "put", seen)
    assert (await sent(lead, session, a_photo())).status_code == 201


async def test_a_batchs_archive_and_a_claims_pack_prove_the_photos(evaluation, given, union, jinniu):
    played = await given.an_order(heads=2, sessions=2)
    for n, session in enumerate(played.sessions):
        lead = await given.closed(played, session)
        if not n:
            assert (await sent(lead, session, a_photo())).status_code == 201
        assert (await jinniu.post(f"/sessions/{session.session_id}/confirm")).status_code == 204
    batch = await given.certified(played)
    (fact,) = await evaluation.facts(played.order_id, type="session.photo_kept.v1")
    archive = await union.get(f"/batches/{batch.batch_id}/archive")
    await jinniu.post(f"/orders/{played.order_id}/claims", json={"certificates": None})
    claim = (await jinniu.get(f"/orders/{played.order_id}/claims")).json()["claims"][0]["claim_id"]
    pack = await jinniu.get(f"/claims/{claim}/pack")
    for answer, folder in ((archive, "3-过程"), (pack, "3-培训签到")):
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as zipped:
            name = next(each for each in zipped.namelist() if each.endswith(f"{folder}/课堂照片.csv"))
            assert fact.sha256 in zipped.read(name).decode()
            whole = b"".join(zipped.read(each) for each in zipped.namelist()).decode("utf-8", "replace")
            assert "课堂照片：1 次课没有照片" in whole
