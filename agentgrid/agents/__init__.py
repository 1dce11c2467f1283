"""What each agent CLI looks like, and what its programs are doing: data first, then pure functions of what was seen.

profiles        the TOML files of ``profiles/`` and the user's own as frozen structs; which agents are installed
recognition     whose command line this is, through node, npx, python, sh and their like
program_status  OSC 7501: what programs say of themselves

signals → watch → detector → verdict
signals         what was seen, a value each, with its time
screen, rules, dialogs  the bottom of the screen as text, a profile's rules for it, a question and its answers
evidence        what each kind of signal says, and what of it counts
detector        the state, with what was before it
watch           one pane: what its runtime hears, to a verdict
demo            a scripted agent that ships with the package
"""
