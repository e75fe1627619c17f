"""The seal: nobody changes, drops or inserts a fact unnoticed, the owner of the database included.

`tree` and `chain` are arithmetic (an auditor needs no more of this library); `windows` seals what the relay
has sent, `heads` makes what is published and the proof of one story, `routes` is the operators' door.
Why it is so: docs/decisions/0015.
"""
