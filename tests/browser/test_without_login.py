"""What anybody sees without a login: the log-in page, the check of a certificate, the parts that pages are made of."""

import pytest
from playwright.async_api import expect
from story_of_an_order import NUMBER, AnOrder
from visiting import DESK, NARROW, PASSWORD


@pytest.fixture(scope="module")
async def issued(portal):
    """An order at its end."""
    await portal.tell(*AnOrder("done", "2026-0007").whole())


class TestLogin:
    async def test_nobody_sees_the_board_without_logging_in(self, visitor, portal, looks_right):
        page = await visitor.page("/board?view=table")
        assert "/login" in page.url
        await looks_right(page, "login-zh")
        await page.fill("#username", "admin")
        await page.fill("#password", "a-wrong-password")
        await page.press("#password", "Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await page.input_value("#username") == "admin"
        await looks_right(page, "login-wrong-zh")
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_url("**/board?view=table")

    async def test_back_after_a_refused_form_leads_to_its_page(self, visitor):
        page = await visitor.page("/login")
        await page.fill("#username", "admin")
        await page.fill("#password", "a-wrong-password")
        await page.press("#password", "Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.click("a[href='/c']")
        await expect(page.locator("#number")).to_be_visible()
        await page.go_back()
        await expect(page.locator("#username")).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_count(0)

    async def test_a_log_out_ends_it(self, logged_in):
        page = await logged_in()
        await page.locator("form[action='/logout'] button").click()
        await page.wait_for_url("**/login", timeout=3000)
        await page.goto("/board")
        assert "/login" in page.url

    async def test_the_cookie_is_kept_from_scripts_and_other_sites(self, logged_in):
        page = await logged_in()
        (cookie,) = [c for c in await page.context.cookies() if c["name"] == "sj_login"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"


class TestCertificateCheck:
    @pytest.mark.parametrize(
        ("path", "verdict"),
        [
            (f"/c/{NUMBER}?k=7k2m9qxa", "valid"),
            (f"/c/{NUMBER}", "valid_number"),
            (f"/c/{NUMBER}?k=wrong1", "changed"),
            ("/c/S000035000000264999999", "unknown"),
        ],
    )
    async def test_the_verdict_comes_first_without_script_and_cookie(
        self, issued, visitor, looks_right, path, verdict
    ):
        page = await visitor.page(path, phone=True)
        await expect(page.locator(f"[data-verdict={verdict}]")).to_be_visible()
        assert await page.locator("script").count() == 0
        assert await page.context.cookies() == []
        await looks_right(page, f"check-{verdict}-zh")
        english = await visitor.page(f"{path}{'&' if '?' in path else '?'}lang=en", phone=True)
        await looks_right(english, f"check-{verdict}-en")

    async def test_a_number_typed_by_hand_is_checked(self, issued, visitor, looks_right):
        page = await visitor.page("/c", phone=True, scripts=False)
        await page.fill("#number", NUMBER.lower())
        await page.fill("#k", "7K2M9QXA")
        await page.press("#k", "Enter")
        await expect(page.locator("[data-verdict=valid]")).to_be_visible()

    async def test_a_wrong_number_keeps_what_was_typed_and_says_why(self, visitor, looks_right):
        page = await visitor.page("/c?number=S12", phone=True)
        assert await page.input_value("#number") == "S12"
        await expect(page.locator("#number-hint.wrong")).to_be_visible()
        await looks_right(page, "check-form-zh")

    async def test_a_revoked_one_says_so_at_the_next_check(self, issued, visitor, portal, looks_right):
        order = AnOrder("revoked", "2026-0300")
        number = "S000035000000264000002"
        await portal.tell(order.submitted(), order.issued(number), order.revoked(number))
        page = await visitor.page(f"/c/{number}?k=7k2m9qxa", phone=True)
        await expect(page.locator("[data-verdict=revoked]")).to_be_visible()
        await looks_right(page, "check-revoked-zh")


class TestParts:
    @pytest.mark.parametrize(("language", "size"), [("zh-CN", DESK), ("en-GB", DESK), ("zh-CN", NARROW)])
    async def test_every_part_in_every_state(self, visitor, looks_right, language, size):
        page = await visitor.page("/parts", language=language, size=size)
        await looks_right(page, f"parts-{language[:2]}-{size['width']}")
        assert visitor.problems == []
