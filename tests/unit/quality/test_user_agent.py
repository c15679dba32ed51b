import pytest

from leadloop.quality.user_agent import is_robot

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "   ",
        "curl/8.11",
        "python-requests/2.32",
        "Java/17.0.2",
        "Mozilla/5.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} HeadlessChrome/130.0 Safari/537.36",
        "facebookexternalhit/1.1",
        "SomeNewCrawler/0.1 (we are in nobody's list)",
    ],
)
def test_programs_are_no_people(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.parametrize(
    "agent",
    [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
        f"Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) {CHROME} Mobile Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 15; X1 Build/AP3A.240617.008) {CHROME} Mobile Safari/537.36",
        "Opera/9.80 (Opera Mini/4.4.39008/37.9178; U; en) Presto/2.12.423 Version/12.16",
    ],
)
def test_people_are_people_whatever_their_device_is_called(agent: str) -> None:
    assert not is_robot(agent)
