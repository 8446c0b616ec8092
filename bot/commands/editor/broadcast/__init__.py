"""/broadcast: a message, an audience, perhaps an hour, a number typed; then its way and its end.

1. ``draft``: a reply to any message, or the message after the command, is shown as readers will.
2. ``whom``: the audiences with their counts.
3. ``when``: now, or an hour.
4. ``confirm``: the number of readers has to be typed: what cannot be called back is not a slip of
   the thumb. It begins the wave, or lays the hour down.
5. ``control``: progress, pause, resume, cancel. ``pending``: what is under way or has an hour.
6. ``follow_up``: again to those it missed, corrected, taken back; each a draft that is confirmed.

A draft belongs to the editor who wrote it; what is confirmed belongs to the desk. Rights are asked
in `dispatch`, on every message and press.
"""
