"""The development server of ``agentgrid demo``: by its own name, so that nobody takes it for an agent."""

from agentgrid.agents.demo.__main__ import main

if __name__ == "__main__":
    main()
