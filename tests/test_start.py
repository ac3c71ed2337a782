"""The front door opens."""


def test_start_page_opens_for_a_stranger(client, db):
    assert client.get("/").status_code == 200
