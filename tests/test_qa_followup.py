"""Which questions go on about the one before, and which stand by themselves."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.followup import searched_text
from tests.conftest import ROOT

FORMER = "Quanti soldati ha inviato la Corea del Nord?"

LINKED = """
e quanti feriti?
E quanti feriti?
Ed i feriti?
Ma perché?
Quanti feriti?
Perché?
Dove sorgerà?
E Putin?
Anche i feriti?
Chi era lui?
Che cosa hanno fatto loro?
Quanto dura questa alleanza?
Ce ne sono altri?
And how many wounded?
But why?
What about Putin?
How about the wounded?
Also the wounded?
Where is it?
When did they leave?
How many soldiers were killed there?
Were they paid?
""".strip().splitlines()
STANDING = """
In quale distretto di Pyongyang sorgerà il museo?
Quando è stato firmato il trattato?
Che cosa comprenderà il museo?
È vero che il museo aprirà?
E' vero che il museo aprirà?
E’ vero che il museo aprirà?
E-mail inviate da Mosca?
Edifici del museo di Pyongyang
Mappa della regione di Kursk
Cosa c'è dietro il museo?
Chi è Peskov?
E da quando, secondo i servizi segreti sudcoreani, i soldati nordcoreani combattono nella regione russa di Kursk?
In which district of Pyongyang will the museum be built?
When was the treaty signed?
Who is Peskov?
Are there North Korean soldiers in Kursk?
Is there a cemetery behind the museum?
Android phones in Pyongyang shops
""".strip().splitlines()


@pytest.mark.parametrize("question", LINKED)
def test_a_follow_up_is_searched_with_the_former_question(question: str) -> None:
    """A question that links on, points back or is a word or two is searched behind the former one."""
    assert searched_text(question, FORMER) == f"{FORMER} {question}"


@pytest.mark.parametrize("question", STANDING)
def test_a_question_that_stands_alone_is_searched_alone(question: str) -> None:
    """A question that names its own topic is searched as it is, whatever was asked before."""
    assert searched_text(question, FORMER) == question


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.sampled_from([*LINKED, *STANDING])), st.sampled_from([None, ""]))
def test_without_a_former_question_nothing_is_added(question: str, former: str | None) -> None:
    """The first question of a chat is searched as it is, whatever it says."""
    assert searched_text(question, former) == question


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(min_size=1))
def test_nothing_is_invented(question: str, former: str) -> None:
    """What is searched is the question, or the former one, a space and the question; no word comes from elsewhere."""
    assert searched_text(question, former) in (question, f"{former} {question}")


@pytest.mark.parametrize("name", ["seeds_gold.jsonl", "seeds_hard.jsonl"])
def test_questions_of_the_gold_sets_stand_alone(name: str) -> None:
    """Of 120 questions written to be asked first, at most three are mistaken for follow-ups."""
    lines = (ROOT / "tests/data" / name).read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines]

    assert len(questions) == 120
    assert len([question for question in questions if searched_text(question, FORMER) != question]) <= 3
