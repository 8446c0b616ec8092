"""The search index brought up to the words of this version; ``app`` runs it before anything else.

Folding and stemming are part of the index: when they change, what was indexed is found no more,
and what is to be taken out is not what was put in. So the whole index is made anew, in batches.
"""

from __future__ import annotations

import logging

from bot.arabic.stem import SEARCH_VERSION
from bot.model import ArticleId
from bot.storage import Storage, articles, desk

log = logging.getLogger(__name__)

SETTING = "search_version"
IN_WORK = ""  # no version's: whichever starts after a break begins again
AT_ONCE = 500  # articles a transaction


async def reindex(storage: Storage) -> int:
    """Make the index anew if another version made it; return how many articles were indexed.

    The version is written last, and the old one taken out first: a rebuild that is broken off
    begins again, also when an older Mujaz starts next.
    """
    if await desk.setting(storage, SETTING) == str(SEARCH_VERSION):
        return 0
    done, last = 0, ArticleId(0)
    async with storage.transaction() as tx:
        await tx.clear_index()
        await desk.keep_setting(tx, SETTING, IN_WORK)
    while some := await articles.after(storage, last, AT_ONCE):
        async with storage.transaction() as tx:
            for article in some:
                await tx.index(article.id, articles.searchable(article))
        done, last = done + len(some), some[-1].id
        log.info("reindex.batch", extra={"articles": done})
    async with storage.transaction() as tx:
        await desk.keep_setting(tx, SETTING, str(SEARCH_VERSION))
    return done
