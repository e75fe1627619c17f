"""What every test of the repository may use."""

pytest_plugins = ["servicekit.testing_servers"]
