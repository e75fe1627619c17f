"""Rosters over HTTP: taken, kept encrypted, shown masked, named to whoever may ask."""

import json
from uuid import UUID, uuid4

from contracts.order_intake import RosterDisclosed, RosterRevealed

from ..builders import a_csv, a_roster_file, an_excel, an_id_number
from ..conftest import LINE

EVALUATION = LINE | {"service": "skill_evaluation"}


async def people_of(client, workers, **more):
    return await client.post("/people", json={"purpose": "certificates", "workers": workers} | more)


async def workers_of(client, order) -> list[str]:
    return [each["worker_id"] for each in (await client.get(f"/orders/{order}/trainees")).json()]


class TestTakeRoster:
    async def test_looking_stores_nothing(self, intake, given, jinniu):
        order = await given.a_draft(people=0)
        file = a_roster_file(given.new_people(5))
        answer = await jinniu.post(f"/orders/{order}/lines/1/roster", files=file)
        assert (answer.status_code, answer.json()["taken"], answer.json()["refused"]) == (200, 5, 0)
        assert await workers_of(jinniu, order) == []
        async with intake.transactions.begin() as tx:
            kept = await tx.driver.fetchval(
                "select count(*) from roster_person where order_id = $1", UUID(order)
            )
        assert kept == 0

    async def test_good_rows_are_taken_and_each_other_row_explained(self, given, jinniu):
        order = await given.a_draft(people=0)
        people = given.new_people(3)
        name, number, *rest = people[1]
        people[1] = (f"{name[0]} {name[1:]}", number, *rest)
        answer = await given.roster(order, [*people, ("丁演示", 3.5e17, "A", 1, ""), people[0]])
        assert [row["state"] for row in answer["rows"]] == ["taken", "mended", "taken", "refused", "double"]
        assert (answer["taken"], answer["refused"]) == (3, 2)
        assert answer["rows"][3]["reasons"][0]["code"] == "roster.id_as_number"
        assert "身份证号被存成了数字" in answer["rows"][3]["sentences"][0]["zh"]
        assert len(await workers_of(jinniu, order)) == 3

    async def test_a_later_roster_takes_the_place_of_an_earlier_one(self, intake, given, jinniu):
        order = await given.a_draft(people=6)
        await given.roster(order, given.new_people(2))
        assert len(await workers_of(jinniu, order)) == 2
        async with intake.transactions.begin() as tx:
            kept = await tx.driver.fetchval(
                "select count(*) from roster_person where order_id = $1", UUID(order)
            )
        assert kept == 2

    async def test_a_roster_without_one_good_row_leaves_the_line_as_it_was(self, given, jinniu):
        order = await given.a_draft(people=6)
        answer = await given.roster(order, [("丁演示", 3.5e17, "A", 1, "")])
        assert answer["taken"] == 0
        assert len(await workers_of(jinniu, order)) == 6

    async def test_another_line_can_have_the_same_people(self, given, jinniu):
        order = await given.a_draft(LINE, EVALUATION, people=7)
        trainees = (await jinniu.get(f"/orders/{order}/trainees")).json()
        by_line = [{t["worker_id"] for t in trainees if t["line"] == line} for line in (1, 2)]
        assert by_line[0] == by_line[1]
        assert len(by_line[0]) == 7
        wrong = await jinniu.post(f"/orders/{order}/lines/1/roster/same-as/9")
        assert (wrong.status_code, wrong.json()["code"]) == (404, "order.line_unknown")

    async def test_the_same_person_has_the_same_id_in_every_order(self, given, jinniu):
        people = given.new_people(1)
        training = await given.a_draft(people=0)
        evaluation = await given.a_draft(EVALUATION, people=0)
        await given.roster(training, people)
        await given.roster(evaluation, people)
        assert await workers_of(jinniu, training) == await workers_of(jinniu, evaluation)

    async def test_who_learns_the_same_in_another_open_order_is_double(self, given, jinniu, bgzb):
        people = given.new_people(2)
        first = await given.a_draft(people=0)
        await given.roster(first, people)
        number = (await jinniu.get(f"/orders/{first}")).json()["number"]
        second = await given.a_draft(people=0)
        rows = (await given.roster(second, people))["rows"]
        assert {row["state"] for row in rows} == {"double"}
        assert rows[0]["reasons"][-1] == {"code": "roster.double_in_order", "figures": {"number": number}}
        theirs = await given.a_draft(people=0, clerk=bgzb)
        one_crew = [(*row[:2], "A", *row[3:]) for row in people]
        drafted_elsewhere = await given.roster(theirs, one_crew, clerk=bgzb)
        assert drafted_elsewhere["taken"] == 2  # a draft of others is nobody's business
        await jinniu.post(f"/orders/{first}/submit")
        rows = (await given.roster(theirs, one_crew, clerk=bgzb))["rows"]
        assert rows[0]["reasons"][-1] == {"code": "roster.double_elsewhere", "figures": {}}
        await jinniu.post(f"/orders/{first}/withdraw")
        assert (await given.roster(second, people))["taken"] == 2

    async def test_files_that_are_none_are_refused_and_nothing_is_stored(self, given, jinniu):
        order = await given.a_draft(people=0)
        address = f"/orders/{order}/lines/1/roster?take=true"
        for name, content, code in [
            ("a.xlsx", b"", "roster.file_empty"),
            ("a.xlsx", b"nonsense", "roster.file_broken"),
            ("a.xlsm", an_excel([]), "roster.file_macros"),
            ("a.docx", b"nonsense", "roster.file_kind"),
            ("a.xlsx", b"x" * (10 * 1024 * 1024 + 1), "roster.file_too_large"),
        ]:
            answer = await jinniu.post(address, files={"file": (name, content)})
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        huge = await jinniu.post(address, files={"file": ("a.xlsx", b"x" * (11 * 1024 * 1024))})
        assert huge.status_code == 413
        assert (await jinniu.post(address, json={"file": "x"})).status_code == 415
        assert (await jinniu.post(address)).status_code == 422
        assert await workers_of(jinniu, order) == []

    async def test_more_people_than_a_line_may_have_are_refused(self, given, jinniu):
        order = await given.a_draft(people=0)
        content = a_csv(given.new_people(2001), encoding="gb18030")
        answer = await jinniu.post(
            f"/orders/{order}/lines/1/roster?take=true", files={"file": ("a.csv", content)}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "order.too_many_trainees")

    async def test_who_may(self, intake, given, jinniu, bgzb, union):
        order = await given.a_draft()
        file = a_roster_file(given.new_people(1))
        address = f"/orders/{order}/lines/1/roster?take=true"
        assert (await bgzb.post(address, files=file)).status_code == 404
        for role in ("union", "college", "instructor", "assessor", "administrator"):
            client = intake.client(role, organisation="jinniu")
            assert (await client.post(address, files=file)).status_code == 403
        assert len(await workers_of(union, order)) == 8
        submitted = await given.a_submitted()
        late = await jinniu.post(f"/orders/{submitted}/lines/1/roster?take=true", files=file)
        assert (late.status_code, late.json()["code"]) == (409, "order.not_editable")

    async def test_a_roster_for_an_older_version_is_refused(self, given, jinniu):
        order = await given.a_draft()
        answer = await jinniu.post(
            f"/orders/{order}/lines/1/roster?take=true",
            files=a_roster_file(given.new_people(1)),
            headers={"If-Match": '"1"'},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "version.stale")


class TestSecrecy:
    async def test_no_name_and_no_number_lies_open_in_any_table(self, intake, given, jinniu, union):
        number = an_id_number(901, born="19810203")
        order = await given.a_draft(people=0)
        await given.roster(order, [("欧阳铁柱", number, "A", 1, "")])
        await jinniu.post(f"/orders/{order}/submit")
        await people_of(union, await workers_of(union, order))
        async with intake.transactions.begin() as tx:
            tables = [
                row["tablename"]
                for row in await tx.driver.fetch(
                    "select tablename from pg_tables where schemaname = 'public'"
                )
            ]
            for table in tables:
                rows = await tx.driver.fetch(f'select * from "{table}"')
                kept = " ".join(
                    cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
                    for row in rows
                    for cell in row.values()
                )
                assert number not in kept, table
                assert "欧阳铁柱" not in kept, table
                assert "19810203" not in kept, table
                assert "1981-02-03" not in kept, table
        for fact in await intake.facts():
            assert "欧阳" not in fact.model_dump_json()

    async def test_lists_show_the_last_four_only(self, given, jinniu):
        number = an_id_number(902, born="19810203")
        order = await given.a_draft(people=0)
        answer = await given.roster(order, [("欧阳铁柱", number, "A", 1, "")])
        shown = (await jinniu.get(f"/orders/{order}/trainees")).json()
        for text in (json.dumps(answer, ensure_ascii=False), json.dumps(shown, ensure_ascii=False)):
            assert number[:14] not in text
            assert "铁柱" not in text
            assert "*" * 14 + number[-4:] in text


class TestPeople:
    async def test_names_are_given_to_whoever_may_ask_and_that_is_a_fact_once(
        self, intake, given, jinniu, union
    ):
        order = await given.a_submitted(people=4)
        workers = await workers_of(jinniu, order)
        answer = await people_of(union, workers)
        assert answer.status_code == 200
        people = answer.json()
        assert [each["worker_id"] for each in people] == workers
        assert people[0]["name"].startswith("演示")
        assert people[0]["id_masked"] == "*" * 14 + people[0]["last_four"]
        assert (people[0]["years_in_trade"], people[0]["holds_level"]) == (5, "L5")
        assert people[0]["birth_date"].startswith("19")
        told = [fact for fact in await intake.facts(order) if isinstance(fact, RosterDisclosed)]
        assert [(fact.receiver, fact.purpose, fact.people) for fact in told] == [
            ("union-1", "certificates", 4)
        ]
        await people_of(union, workers)
        assert len(await intake.facts(order)) == 2

    async def test_only_people_new_to_the_receiver_are_said(self, intake, given, jinniu, union):
        order = await given.a_submitted(people=4)
        workers = await workers_of(jinniu, order)
        await people_of(union, workers[:1])
        await people_of(union, workers)
        told = [fact for fact in await intake.facts(order) if isinstance(fact, RosterDisclosed)]
        assert [fact.people for fact in told] == [1, 3]

    async def test_people_of_a_draft_are_nobodys_to_know(self, given, jinniu, union):
        order = await given.a_draft(people=2)
        assert (await people_of(union, await workers_of(jinniu, order))).json() == []
        answer = await people_of(union, [], order_id=order)
        assert (answer.status_code, answer.json()["code"]) == (404, "order.unknown")

    async def test_a_name_is_the_one_of_the_order_asked_for_or_of_the_newest(self, given, jinniu, union):
        [(name, number, *rest)] = given.new_people(1)
        first = await given.a_draft(people=0)
        await given.roster(first, [(name, number, *rest)])
        second = await given.a_draft(EVALUATION, people=0)
        await given.roster(second, [("新名字", number, *rest)])
        for order in (first, second):
            assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
        workers = await workers_of(jinniu, first)
        assert [each["name"] for each in (await people_of(union, workers)).json()] == ["新名字"]
        assert [each["name"] for each in (await people_of(union, workers, order_id=first)).json()] == [name]

    async def test_an_order_whose_names_were_lost_is_known_and_names_nobody(
        self, intake, given, jinniu, union
    ):
        """As after a restore: the order came back by its facts, which hold no names. Nobody asks for ever."""
        order = await given.a_draft(people=3)
        assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
        workers = await workers_of(jinniu, order)
        async with intake.transactions.begin() as tx:
            await tx.driver.execute("delete from roster_person where order_id = $1", order)
        answer = await people_of(union, workers, order_id=order)
        assert (answer.status_code, answer.json()) == (200, [])

    async def test_unknown_workers_are_left_out_and_others_may_not_ask(self, intake, union, jinniu):
        assert (await people_of(union, [str(uuid4())])).json() == []
        for role in ("enterprise", "college", "instructor", "assessor", "administrator"):
            client = intake.client(role, organisation="jinniu")
            assert (await people_of(client, [str(uuid4())])).status_code == 403
        words = {"purpose": "because I want to", "workers": []}
        assert (await union.post("/people", json=words)).status_code == 422


class TestAWholeNumber:
    """One at a time, with a reason of the programme, and each look is told."""

    async def look(self, client, order, worker, code="reveal.subsidy"):
        return await client.post(f"/orders/{order}/people/{worker}/reveal", json={"reason": {"code": code}})

    async def test_is_shown_to_its_enterprise_and_the_union_and_each_look_is_a_fact(
        self, intake, given, jinniu, union
    ):
        order = await given.a_submitted(people=2)
        worker, _ = await workers_of(jinniu, order)
        for client in (jinniu, union, union):
            answer = await self.look(client, order, worker)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert len(answer.json()["id_number"]) == 18
        told = [each for each in await intake.envelopes(order) if each.type == RosterRevealed.type]
        looks = [(each.actor, each.data["worker_id"], each.data["reason"]["code"]) for each in told]
        assert looks == [(who, worker, "reveal.subsidy") for who in ("enterprise-1", "union-1", "union-1")]
        assert answer.json()["id_number"] not in repr(told)

    async def test_needs_a_reason_of_the_programme(self, intake, given, jinniu):
        order = await given.a_submitted(people=1)
        [worker] = await workers_of(jinniu, order)
        answer = await self.look(jinniu, order, worker, "reveal.curious")
        assert (answer.status_code, answer.json()["code"]) == (422, "roster.reveal_reason_unknown")
        assert not [fact for fact in await intake.facts(order) if isinstance(fact, RosterRevealed)]

    async def test_is_not_shown_to_others_of_others_or_of_a_draft(self, intake, given, jinniu):
        order = await given.a_submitted(people=1)
        [worker] = await workers_of(jinniu, order)
        other = intake.client("enterprise", organisation="bgzb")
        assert (await self.look(other, order, worker)).json()["code"] == "order.unknown"
        assert (
            await self.look(intake.client("college", organisation="smtc"), order, worker)
        ).status_code == 403
        assert (await self.look(jinniu, order, uuid4())).json()["code"] == "roster.person_unknown"
        draft = await given.a_draft(people=1)
        [desk] = await workers_of(jinniu, draft)
        assert (await self.look(jinniu, draft, desk)).json()["code"] == "roster.not_asked_for"


class TestInFull:
    async def test_an_enterprise_has_whole_numbers_of_its_own_people_for_a_purpose_each_time_on_the_record(
        self, intake, given, jinniu, bgzb, union
    ):
        order = await given.a_submitted(people=3)
        workers = await workers_of(jinniu, order)
        path = f"/orders/{order}/people/full"
        told = {"purpose": "subsidy_claim", "workers": workers[:2]}
        answer = await jinniu.post(path, json=told)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert [len(each["id_number"]) for each in answer.json()] == [18, 18]
        await jinniu.post(path, json=told)
        said = [fact for fact in await intake.facts(order) if isinstance(fact, RosterDisclosed)]
        assert [(fact.purpose, fact.people) for fact in said] == [("subsidy_claim", 2)] * 2

        wrong = await jinniu.post(path, json=told | {"purpose": "curiosity"})
        assert wrong.json()["code"] == "roster.purpose_unknown"
        stranger = await jinniu.post(path, json=told | {"workers": [str(uuid4())]})
        assert stranger.json()["code"] == "roster.not_on_it"
        assert (await bgzb.post(path, json=told)).status_code == 404
        assert (await union.post(path, json=told)).status_code == 403
