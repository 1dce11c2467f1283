"""What ``agentgrid doctor`` looks at. Each check is a function of what was found, so that it can be tested anywhere.

check       one answer
system      Python, locale, folders, kernel
terminal    what this terminal says of itself
tmux        the options of the tmux around us
programs    git and the agents
"""
