# What can't be done yet: understood, said honestly, and what helps meanwhile.

planned-check-in = I can't check you in to activities yet; just tell whoever organises it. Party members check in with `check in`.
planned-offer = I can't keep a list of things to share yet. Your neighbours have read it here; a captain can tell more of them.
planned-borrow = I can't find things to borrow yet. Post `wish borrow a ladder`, and a neighbour can take it.
planned-return = I can't note returns yet. Please tell the owner.
planned-report = I can't note hazards yet. Please tell a captain or the property office at once; in danger call 119 or 110 first.
planned-treehole = I can't keep secrets for you yet. Everybody in the group can read what is written here; press and hold your message to delete it.
planned-redeem = I can't exchange points yet; yours are kept. To see them, send `points`.
planned-group = I can't note interest groups yet. Please tell the neighbours of that group, or a captain.
