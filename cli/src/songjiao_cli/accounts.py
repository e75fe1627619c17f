"""Whom a person can log in as after the demonstration: one of each role, with something on their desk."""

from songjiao_cli.api import Api, NoAnswer, Person, Refusal

PASSWORD = "songjiao-demo"  # noqa: S105  demo accounts, said on the screen
DESKS = (
    ("工会协调员 union coordinator", "smftu"),
    ("企业培训专员 enterprise clerk", "jinniu"),
    ("院校派师办 college office", "smtc"),
)
SENT = (("送教教师 instructor", "lead"), ("考评员 assessor", "assessor"))


async def demo_accounts(api: Api, admin: Person) -> list[tuple[str, str, str]]:
    """Who, user name, password; of those who are sent the one whose work lies furthest ahead."""
    rows = [(who, account, PASSWORD) for who, account in DESKS]
    coordinator = Person(DESKS[0][1], PASSWORD)
    try:
        accounts = await api.call(admin, "GET", "portal", "/accounts")
        firm = await api.call(coordinator, "GET", "instructor-dispatch", "/assignments")
    except (NoAnswer, Refusal):
        accounts, firm = [], []  # a password was changed, a service is away: the others are told all the same
    of_person = {account["person_id"]: account["username"] for account in accounts}
    for who, role in SENT:
        theirs = [one for one in firm if one["role"] == role and one["person_id"] in of_person]
        if theirs:
            last = max(theirs, key=lambda one: str(one["slot"]["starts_at"]))
            rows.append((who, of_person[last["person_id"]], PASSWORD))
    return [*rows, ("管理员 administrator", admin.username, admin.password)]
