"""Real agents' bytes, replayed in their own time: the state at every mark right within a second, no false alarm between."""

import pytest

from tests.agents.playback import LAYERS, OWN, Recording, judge, marks_of, play, recordings


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("recording", [pytest.param(recording, id=recording.name) for recording in recordings()])
def test_states(recording: Recording, layer: str) -> None:
    result = judge(recording, layer)
    assert result.marks
    assert result.wrong == []
    assert result.alarms == []


@pytest.mark.parametrize("recording", [pytest.param(recording, id=recording.name) for recording in recordings() if recording.folder != OWN])
def test_states_without_knowing_the_keys(recording: Recording) -> None:
    """Bytes alone: nobody says what was typed."""
    result = judge(recording, "no hooks", keys=False)
    assert result.wrong == []
    assert result.alarms == []


@pytest.mark.parametrize(
    "recording", [pytest.param(recording, id=recording.name) for recording in recordings() if "full" in recording.name]
)
def test_dialogs(recording: Recording) -> None:
    """At each question there are its text and its answers, one of them marked or numbered."""
    told = list(play(recording))
    for mark in marks_of(recording):
        if mark.states == ("blocked",):
            dialog = [verdict.dialog for at, verdict in told if at <= mark.at][-1]
            assert dialog is not None
            assert dialog.question
            assert dialog.fingerprint
            assert len(dialog.choices) >= 2
            assert any(choice.chosen for choice in dialog.choices) or all(choice.key for choice in dialog.choices)


def test_there_are_recordings_of_six_agents_in_narrow_panes() -> None:
    assert {recording.agent for recording in recordings() if recording.folder == OWN and "-40x15" in recording.name} == {
        "claude",
        "codex",
        "copilot",
        "gemini",
        "opencode",
        "qwen",
    }
