"""The rules of getting a brief to a phone: who is next, how fast, and what an answer means.

Everything here is arithmetic on values: jobs read rows, ask these functions, send, and write.

How a thing is told
    An *occasion* (``story:9``, ``digest:17:2026-11-26T07:00``, ``broadcast:4``) is why a chat is
    written to; a chat hears of one occasion once. A *wave* is one brief for an audience: a row
    with a cursor. A *batch* is a leased slice of it in flight. A *delivery* is what became of one
    occasion for one reader; its row is written when it is settled, or when it has to wait.

A wave
    state       means                                              goes to
    open        its cursor moves while readers are left            paused, held, done, cancelled
    paused      an editor stopped the cursor                       open, held, cancelled
    held        restored, or on another machine: an owner is       open, paused, cancelled
                asked
    done        sent + unreachable + rejected + unsure + skipped   (end)
                = its audience, nothing in flight, nothing waiting
    cancelled   an editor ended it; what waited is skipped         (end)

    Its act is to send, or it follows an earlier occasion up: to edit or to delete the messages that
    readers have of that one. Both may be done twice, so a crash in them costs nothing.

A batch
    leased      being sent by a living process                     ended, stale
    stale       its lease ran out: the holder died                 leased again: the readers of the
                                                                   slice that have no delivery
    ended       its row is gone: every reader of it is settled     (end)

A delivery
    (no row)    not addressed yet, or in flight in a batch         any below
    waiting     to be tried (again) at ``next_attempt_at``         sending, held
    held        as its wave; also one that belongs to no wave      waiting, skipped
    sending     in flight; its row names the batch                 waiting, any below
    sent        it arrived; message ids are kept                   (end)
    unreachable the chat blocked us, or is gone                    (end; the chat may come back)
    rejected    Telegram will never take this message              (end; the operator reads why)
    unsure      tried ``MOST_DOUBTS`` times and nobody knows       (end; reported apart)
    skipped     expired, left, cancelled before it was sent, muted
                words in it, or told together with others          (end)

At least once: a crash can repeat what was in flight and unsettled, and can lose nothing. What was
*surely not sent* is repeated until it expires; what *may* have arrived at most three times.
"""
