"""Where an address leads, asked of the middleware alone."""

import pytest

from bnviz.live import Door


def leads_to(address, root="/", method="GET"):
    """The address that a browser is sent on to; None where it is let in."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent = []

    async def send(message):
        sent.append(message)

    path, _, query = address.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    with pytest.raises(StopIteration):  # nothing here waits, so one push ends it
        Door(app, home="start", lab="lab", root=root)(scope, None, send).send(None)
    headers = dict(sent[0]["headers"])
    assert (sent[0]["status"] == 307) == (b"location" in headers)
    return headers[b"location"].decode() if b"location" in headers else None


@pytest.mark.parametrize(
    "address", ["/", "/?utm_source=letter&utm_campaign=%C3%BC", "/?scene=3", "/lab", "/lab?depth=8", "/map?depth=8"]
)
def test_an_address_that_names_its_page_is_left_alone(address):
    assert leads_to(address) is None


@pytest.mark.parametrize(
    "query",
    ["arms=plain,bn&bn.normalization=batch&seeds=0-4", "utm_source=letter&seeds=0", "depth=8", "depth=thousands",
     "instruments=units", "changes=150%3A1", "bn.placement=after", "arms=", "depth"],
)  # fmt: skip
def test_a_link_to_an_experiment_opens_the_lab_with_all_that_it_says(query):
    assert leads_to(f"/?{query}") == f"/lab?{query}"


def test_the_way_in_is_found_by_its_name_too():
    assert leads_to("/start") == "/" and leads_to("/start?utm_source=letter") == "/?utm_source=letter"


def test_a_site_in_a_folder_has_its_root_there():
    assert leads_to("/bn/?depth=8", root="/bn/") == "/bn/lab?depth=8" and leads_to("/?depth=8", root="/bn/") is None


def test_what_is_sent_to_the_root_is_not_sent_on():
    assert leads_to("/?depth=8", method="POST") is None


def test_no_link_leads_to_another_host_or_writes_a_header():
    assert leads_to("/?depth=8&//evil.org/\r\nSet-Cookie:x") == "/lab?depth=8&//evil.org/%0D%0ASet-Cookie:x"
