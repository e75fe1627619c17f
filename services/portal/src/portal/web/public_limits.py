"""How often one address may ask the pages that are open to everybody: as the rule data say for the day."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import Request

from contracts.programme_public import AskingRules, PublicRules
from portal.web.limit import Limit, address_of
from portal.web.viewer import NotForYou
from servicekit.clock import real_now


@dataclass(frozen=True)
class PublicLimits:
    """One for each kind of page."""

    checks: Limit
    schedules: Limit

    @classmethod
    def of(cls, rules: PublicRules, zone: ZoneInfo) -> "PublicLimits":
        """By the machine's own clock, on the day of the place: a season that is played slows nobody."""

        def on() -> AskingRules:
            return rules.on(real_now().astimezone(zone).date())

        return cls(Limit(lambda: on().checks), Limit(lambda: on().schedules))


def limits_of(request: Request) -> PublicLimits:
    """Of this portal."""
    limits: PublicLimits = request.app.state.public
    return limits


def asked_once_more(request: Request, limit: Limit) -> None:
    """Counted; `NotForYou` with the seconds to wait when the address has had its share."""
    address = address_of(request)
    if not limit.allows(address):
        raise NotForYou("error.wait_seconds", 429, wait=limit.wait(address))
