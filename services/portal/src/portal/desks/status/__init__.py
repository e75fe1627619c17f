"""How the services are, for whoever operates them."""
