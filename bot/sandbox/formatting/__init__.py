"""The parts of Telegram's text rules that `entities` puts together: tags, links, nesting."""
