"""The rules of the trade that several services share, pure."""
