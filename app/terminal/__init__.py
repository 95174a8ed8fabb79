"""The command line: serve, train, measure, load."""
