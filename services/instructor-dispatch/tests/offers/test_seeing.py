"""One search reads people, their week and their season once, however many sessions it looks at."""

import pytest

from instructor_dispatch.offers.commands.seeing import Seen


@pytest.mark.rules
async def test_what_was_read_in_one_search_is_not_read_again_and_in_the_next_it_is():
    async def read():
        return object()

    seen, again = Seen(), Seen()
    first = await seen.once(("week", 1), read)
    assert await seen.once(("week", 1), read) is first
    assert await seen.once(("week", 2), read) is not first
    assert await again.once(("week", 1), read) is not first
