"""The union's desk: whose turn it is, the story of an order, the city's report."""
