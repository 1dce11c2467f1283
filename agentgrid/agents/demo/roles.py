"""Nine parts to play at once on the scratch project, so that within ten seconds every state is on the screen.

``tides`` and ``spring`` edit the same lines of tides.py, ``docs`` and ``api`` the same file of the documentation.
"""

from agentgrid.agents.demo.steps import Choose, Edit, Fail, Read, Role, Run, Say, Think, Turn

_PLAIN = "def high_waters(harbour):\n    return [harbour.lag_minutes, harbour.lag_minutes + 745]\n"
_NAMED = "def high_waters(harbour):\n    first = harbour.lag_minutes\n    return [first, first + LUNAR_DAY_MINUTES // 2]\n"
_LAG = "LUNAR_DAY_MINUTES = 1490\n"
_HALF = "LUNAR_DAY_MINUTES = 1490\nHALF_DAY_MINUTES = LUNAR_DAY_MINUTES // 2\n"

_HEIGHTS = "| `GET /tides/NAME` | a day's heights |\n"
_SPRINGS = "| `GET /springs/NAME` | the next spring tides |\n"
_HARBOURS = "| `GET /harbours` | the harbours |\n"
_NEVER = "| `GET /harbours` | the harbours, never an error |\n"

_TEST_RUN = ("tests/test_tides.py ....", "4 passed in 0.06s")

_SERVER_LOG = (
    "tidebook dev server · http://localhost:8000",
    "watching tidebook/ for changes",
    "GET /harbours            200    3 ms",
    "GET /tides/Whitby        200   11 ms",
    "GET /tides/Staithes      200   10 ms",
    "GET /tides/Atlantis      404    1 ms",
    "reloaded tidebook/tides.py",
    "GET /tides/Whitby        200   12 ms",
    "GET /favicon.ico         404    0 ms",
    "GET /harbours            304    1 ms",
)

ROLES = (
    Role(
        "tides",
        "Name the half lunar day",
        "box",
        (
            Turn(
                "high_waters() has a magic 745 in it. Give it a name.",
                (
                    Think(14, "Reading the tables"),
                    Read("tidebook/tides.py"),
                    Say(
                        "The 745 minutes are half a lunar day. I will derive them from LUNAR_DAY_MINUTES, so that they cannot drift apart."
                    ),
                    Think(8, "Charting"),
                    Edit("tidebook/tides.py", _PLAIN, _NAMED),
                    Think(30, "Checking the callers"),
                    Run("python3 -m pytest -q", _TEST_RUN, 14),
                    Say("All callers still get two times a day. The table of Whitby is unchanged to the minute."),
                    Think(50, "Looking for other magic numbers"),
                    Say("table.py steps in two hours and says so nowhere; I leave that alone, as nobody asked."),
                ),
            ),
            Turn(
                "On second thoughts, keep it as it was.",
                (
                    Think(16, "Turning back"),
                    Edit("tidebook/tides.py", _NAMED, _PLAIN),
                    Think(40, "Reading it once more"),
                    Say("It is as it was."),
                ),
            ),
        ),
        endless=True,
    ),
    Role(
        "spring",
        "Spring tides",
        "bar",
        (
            Turn(
                "Teach tides.py about spring and neap tides",
                (
                    Think(20, "Exploring"),
                    Read("tidebook/tides.py"),
                    Say("I begin with the constant that both kinds need."),
                    Edit("tidebook/tides.py", _LAG, _HALF),
                    Think(10, "Working"),
                    Edit("tidebook/tides.py", "harbour.lag_minutes + 745]", "harbour.lag_minutes + HALF_DAY_MINUTES]"),
                    Think(60, "Working"),
                    Say("Springs come every 14.77 days; the amplitude follows a slow cosine on top of the fast one."),
                    Run("python3 -m tidebook Whitby", ("00:00  1.9 m", "02:00  3.5 m", "04:00  4.6 m"), 20),
                ),
            ),
            Turn(
                "Good. Undo the constant, I want it in harbours.py",
                (
                    Think(30, "Working"),
                    Edit("tidebook/tides.py", "harbour.lag_minutes + HALF_DAY_MINUTES]", "harbour.lag_minutes + 745]"),
                    Edit("tidebook/tides.py", _HALF, _LAG),
                    Think(40, "Working"),
                    Say("Moved out again."),
                ),
            ),
        ),
        endless=True,
    ),
    Role(
        "release",
        "Prepare 0.4.0",
        "box",
        (
            Turn(
                "Prepare the next release",
                (
                    Think(12, "Sounding"),
                    Read("pyproject.toml"),
                    Say("Two features since 0.3.0, nothing broken: this is 0.4.0."),
                    Edit("pyproject.toml", 'version = "0.3.0"\n', 'version = "0.4.0"\n', ask=True),
                    Think(20, "Writing the notes"),
                    Say("The version is set. The changelog has an entry for everything that users see."),
                ),
            ),
        ),
    ),
    Role(
        "storage",
        "Where to keep tables",
        "bar",
        (
            Turn(
                "Cache the computed tables between runs",
                (
                    Think(16, "Exploring"),
                    Read("tidebook/table.py"),
                    Choose(
                        "Where shall the cached tables live?",
                        ("SQLite, one file", "JSON, one file a harbour", "Nowhere: they take 2 ms to compute"),
                    ),
                    Think(25, "Working"),
                    Say("Understood. I note it in the changelog, so that the next one who asks finds the answer."),
                    Edit("CHANGELOG.md", "", "\n## Next\n- Where tables are kept is decided.\n"),
                ),
            ),
        ),
    ),
    Role(
        "docs",
        "Document the API",
        "box",
        (
            Turn(
                "Document the new calls in docs/api.md",
                (
                    Think(26, "Reading server.py"),
                    Edit("docs/api.md", _HEIGHTS, _HEIGHTS + _SPRINGS),
                    Think(70, "Checking every call"),
                    Say("Two more calls answer JSON and are not in the table; they are private, I think."),
                ),
            ),
            Turn(
                "Right. Mention the errors as well",
                (
                    Think(20, "Drafting"),
                    Edit("docs/api.md", _HARBOURS, _NEVER),
                    Think(60, "Reading it aloud"),
                    Edit("docs/api.md", _NEVER, _HARBOURS),
                    Edit("docs/api.md", _SPRINGS, ""),
                    Say("On reading it aloud I took it all out again: it promised too much."),
                ),
            ),
        ),
        endless=True,
    ),
    Role(
        "api",
        "JSON everywhere",
        "bar",
        (
            Turn(
                "Make every call answer JSON",
                (
                    Think(18, "Exploring"),
                    Edit(
                        "tidebook/server.py",
                        "        self.end_headers()\n",
                        '        self.send_header("Content-Type", "application/json")\n        self.end_headers()\n',
                    ),
                    Think(12, "Working"),
                    Edit("docs/api.md", "# API\n", "# API\n\nEvery call answers JSON.\n"),
                    Think(14, "Working"),
                    Run("python3 -m pytest -q", _TEST_RUN, 10),
                    Say("Every call answers JSON now, and docs/api.md says so."),
                ),
            ),
        ),
    ),
    Role(
        "deploy",
        "Publish the docs",
        "bar",
        (
            Turn(
                "Publish the documentation",
                (
                    Think(22, "Working"),
                    Run("make publish", ("building docs/", "uploading …", "error: 503 Service Unavailable"), 12),
                    Think(10, "Retrying"),
                    Fail("The model is overloaded (529). Tried 3 times; send any prompt to try again."),
                ),
            ),
        ),
    ),
    Role("review", "Review", "box"),
    Role("server", "tidebook dev server", "bar", log=_SERVER_LOG),
)

BY_NAME = {role.name: role for role in ROLES}
