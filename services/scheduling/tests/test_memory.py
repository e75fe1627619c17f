"""What is remembered of rows is good for just the row that it was read from."""

from scheduling.memory import Recent, Remembered


async def test_only_what_is_another_is_loaded_and_the_rest_is_the_same_object():
    loaded, kept = [], Remembered()

    async def load(ids):
        loaded.append(list(ids))
        return {id_: object() for id_ in ids}

    first = await kept.read({"a": "1", "b": "1"}, load)
    assert await kept.read({"a": "1", "b": "1"}, load) is first
    second = await kept.read({"a": "2", "b": "1"}, load)
    assert second["a"] is not first["a"]
    assert second["b"] is first["b"]
    assert await kept.read({"b": "1"}, load) == {"b": first["b"]}
    assert loaded == [["a", "b"], ["a"]]


async def test_a_version_is_read_again_when_its_row_is_another_and_the_oldest_are_forgotten():
    loaded, recent = [], Recent()

    async def asked(id_, version):
        async def load():
            loaded.append((id_, version))
            return f"{id_}{version}"

        return await recent.read(id_, version, load)

    assert [await asked("a", v) for v in "112"] == ["a1", "a1", "a2"]
    for n in range(recent.MOST):
        await asked(n, "1")
    await asked("a", "2")
    assert [one for one in loaded if one[0] == "a"] == [("a", "1"), ("a", "2"), ("a", "2")]
