"""/sources: the feeds and how they do, and all that editors do about them; a page of buttons each.

The scenes: `listing` shows all, `one` a single feed, `change` what its buttons change, `find` looks
for a new one behind an address and `add` adds it, `words` keep articles out, `exchange` reads and
writes lists. `health` has the words for how a feed does; `table` is all of it for `bot.commands`.
"""
