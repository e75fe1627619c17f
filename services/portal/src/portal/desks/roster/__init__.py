"""Who stands on an order, masked; one whole ID number at a time, with a reason."""
