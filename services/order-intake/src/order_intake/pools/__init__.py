"""Small orders of several enterprises taught as one class: proposed, consented to, accepted as a joint order."""
