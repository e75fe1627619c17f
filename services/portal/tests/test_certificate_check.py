"""The public check of a certificate over its whole life, and what auditors fetch, without a login."""

from datetime import date, timedelta

import pytest
from story_of_an_order import NUMBER, AnOrder, college, enterprise, id_of, instructor

from contracts import evaluation as ev
from contracts.values import because


@pytest.fixture(scope="module")
async def played(portal):
    order = AnOrder()
    await portal.deliver(enterprise(), college(), instructor(), *order.whole())
    return order


async def test_the_hours_are_minutes_attended_of_the_training_for_it_and_nothing_else(portal):
    order, number = AnOrder("late", "2026-0004"), "S000035000000264000888"
    taught = [each for each in order.whole() if not isinstance(each, ev.CertificateIssued)]
    above = order.scheduled(3).model_copy(update={"level": "L3"})
    await portal.deliver(
        *taught, order.scheduled(2), order.offered(2), order.offer_accepted(2), order.opened(2),
        order.closed(2), order.corrected(0, 20, 2), above, order.opened(3), order.closed(3),
        order.issued(number),
    )  # fmt: skip
    page = (await portal.client().get(f"/c/{number}", params={"k": "7k2m9qxa", "lang": "en"})).text
    assert "Attended 2 sessions" in page
    assert "4 class-hours" in page, "200 minutes"


async def test_it_tells_how_it_was_earned_and_how_it_came_to_stand_so(played, portal):
    client, one, new = portal.client(), played.certificate, id_of("reissued")
    told = {"order_id": played.order_id, "certificate_id": one, "number": NUMBER}

    async def page_of(code="7k2m9qxa"):
        return (await client.get(f"/c/{NUMBER}", params={"k": code, "lang": "en"})).text

    earned = await page_of()
    assert 'data-verdict="valid"' in earned
    for step in ("Training ordered", "Attended 1 session", "4 class-hours", "Assessment passed"):
        assert step in earned, step
    assert f'href="/c/{NUMBER}/badge?k=7k2m9qxa"' in earned
    assert "How it came to stand so" not in earned
    suspended = ev.CertificateSuspended(
        **told, reason=because("certificate.under_review"), suspended_on=date(2026, 6, 6)
    )
    await portal.deliver(suspended)
    resting, alone = await page_of(), await page_of("")
    assert 'data-verdict="suspended"' in resting
    assert "2026-06-06 · under review" in resting
    assert 'data-verdict="suspended"' in alone
    assert "under review" not in alone
    await portal.deliver(
        ev.CertificateReinstated(
            **told, reason=because("certificate.review_cleared"), reinstated_on=date(2026, 6, 7)
        )
    )
    assert 'data-verdict="valid"' in await page_of()
    number = f"{NUMBER[:-6]}000777"
    why = because("certificate.name_misprinted")
    again = played.issued(number).model_copy(
        update={"certificate_id": new, "check_code": "5f" * 16, "replaces": one}
    )
    linked = ev.CertificateReissued(
        **told, replaced_by=new, new_number=number, reason=why, reissued_on=date(2026, 6, 8)
    )
    await portal.deliver(
        again, ev.CertificateRevoked(**told, reason=why, revoked_on=date(2026, 6, 8)), linked
    )
    old = await page_of()
    assert 'data-verdict="replaced"' in old
    assert "2026-06-08 · name misprinted" in old
    assert old.count('class="st-text">Revoked') == 0
    assert f'href="/c/{number}?lang=en"' in old
    assert number not in await page_of("")
    held = await client.get(f"/c/{number}", params={"k": "5f" * 16, "lang": "en"})
    assert 'data-verdict="valid"' in held.text
    assert f'href="/c/{NUMBER}?lang=en"' in held.text
    by_sum = await client.get(f"/c/{number}", params={"k": "7k2m9qxa", "lang": "en"})
    assert 'data-verdict="changed"' in by_sum.text


async def test_what_auditors_fetch_is_limited_and_says_when_nobody_answers(played, portal, monkeypatch):
    client = portal.client()
    asked = [f"/c/{NUMBER}/badge?k=7k2m9qxa", f"/c/issuers/{'0' * 16}", f"/c/issuers/{'0' * 16}/did.json"]
    asked.append(f"/c/status/{'0' * 16}/{NUMBER[:-6]}/revocation")
    assert [(await client.get(path)).status_code for path in asked] == [503] * 4
    assert (await client.get(f"/c/{NUMBER}/badge")).status_code == 404
    monkeypatch.setattr(portal.service.app.state.public.checks, "most", 0)
    assert [(await client.get(path)).status_code for path in asked] == [429] * 4


async def test_one_whose_last_day_is_over_says_so_and_names_what_follows_it(played, portal):
    client, old, new = portal.client(), f"{NUMBER[:-6]}000881", f"{NUMBER[:-6]}000882"
    today = (await portal.now()).date()
    ended, follows = id_of("ended"), id_of("follows")
    await portal.deliver(
        played.issued(old).model_copy(
            update={"certificate_id": ended, "valid_until": today - timedelta(days=3)}
        ),
        played.issued(new).model_copy(
            update={"certificate_id": follows, "valid_until": today + timedelta(days=30), "renews": ended}
        ),
    )
    code = {"k": "7k2m9qxa", "lang": "en"}
    page = (await client.get(f"/c/{old}", params=code)).text
    assert 'data-verdict="expired"' in page
    assert f"Its last day was {today - timedelta(days=3)}" in page
    assert f'href="/c/{new}?lang=en"' in page
    assert 'data-verdict="expired"' in (await client.get(f"/c/{old}", params={"lang": "en"})).text
    assert 'data-verdict="changed"' in (await client.get(f"/c/{old}", params=code | {"k": "0" * 32})).text
    page = (await client.get(f"/c/{new}", params=code)).text
    assert 'data-verdict="valid"' in page
    assert f"{today + timedelta(days=30)}" in page
    assert f'href="/c/{old}?lang=en"' in page
