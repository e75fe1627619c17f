"""What teaching costs, from rule data with its source."""

from decimal import Decimal

from contracts.programme import Programmes


def lecture_fees(class_hours: int, programmes: Programmes) -> Decimal:
    """Yuan for so many class-hours taught."""
    return class_hours * programmes.rules.funding.lecture_fee_yuan_per_class_hour.value


def travel_costs(onsite_sessions: int, programmes: Programmes) -> Decimal:
    """Yuan for so many sessions at a works: flat, so that the cost does not depend on who is sent."""
    return onsite_sessions * programmes.rules.funding.travel_yuan_per_onsite_session.value
