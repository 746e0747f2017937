"""Class names are short enough to read."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

from generator.ir import Api

from ..mini import api_of

LONG = """
Short: {properties: {a_rather_long_property: {properties: {with_another_one_inside_of_it: {properties: {and_one_more: {properties: {x: {}}}}}}}}}
AVeryLongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMore: {properties: {a: {properties: {b: {}}}}}
"""


def classes(api: Api) -> set[str]:
    return {obj.name for schema in api.schemas for obj in schema.inline}


def test_long_names_are_shortened() -> None:
    """The schema's name and the last words stay, in 60 characters; the report tells, and the old names are known."""
    api = api_of(LONG)
    new = {
        "ShortARatherLongPropertyWithAnotherOneInsideOfItAndOneMore": "ShortARatherLongPropertyWithAnotherOneInsideOfItAndOneMore",
        "AVeryLongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMore": "ALongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMore",
        "AVeryLongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMoreA": "AVeryLongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMo",
    }
    assert dict(api.former()) == {old: short for old, short in new.items() if old != short}
    assert set(new.values()) <= api.modules.keys()
    assert all(len(name) <= 60 for name in api.modules)
    assert (
        "shortened: AVeryLongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMore is ALongNameOfASchemaThatSaysAllThatIsToSayAboutItAndThenMore"
        in api.report.notes
    )


def test_names_that_are_equal_when_shortened_get_a_number() -> None:
    """Two long names that differ in what does not fit stay apart."""
    inner = "{properties: {of_words_of_which_there_are_many: {properties: {until_the_very_last_end_of_all_it: {properties: {x: {}}}}}}}"
    api = api_of(f"S: {{properties: {{first_one: {inner}, other_one: {inner.replace('x:', 'y:')}}}}}")
    found = sorted(name for name in classes(api) if name.endswith(("It", "It2")))
    assert found == [
        "SOneOfWordsOfWhichThereAreManyUntilTheVeryLastEndOfAllIt",
        "SOneOfWordsOfWhichThereAreManyUntilTheVeryLastEndOfAllIt2",
    ]


def test_a_shortened_name_that_an_equal_object_had() -> None:
    """The name of an object that was merged into another one may be the short name of that: it is no former name."""
    role = "role: {properties: {x: {}}}"
    inner = f"contribution: {{properties: {{contribution: {{properties: {{{role}}}}}, {role}}}}}"
    api = api_of(f"ASchemaWithARatherLongNameOfItsOwn: {{properties: {{{inner}}}}}")
    short = "ASchemaWithARatherLongNameOfItsOwnContributionRole"
    assert short in api.modules
    assert dict(api.former()) == {"ASchemaWithARatherLongNameOfItsOwnContributionContributionRole": short}
