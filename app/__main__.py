"""`python -m app` is the command line."""

from app.terminal.cli import main

main()
