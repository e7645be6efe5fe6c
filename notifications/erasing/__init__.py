"""Taking a patient's name out of the record, or the record away, when they ask for it.

`fields` says of every column with words what becomes of it, `asking` has the decision of two
people, `doing` carries it out. A keyed digest of the phone stays, with its STOP (`erased_phones`).
"""
