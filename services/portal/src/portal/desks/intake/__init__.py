"""The union's desk for an order that comes in."""
