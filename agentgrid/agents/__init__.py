"""What each agent CLI looks like: data first.

profiles      the TOML files of ``profiles/`` and the user's own as frozen structs; which agents are installed
recognition   whose command line this is, through node, npx, python, sh and their like
demo          a scripted agent that ships with the package
"""
