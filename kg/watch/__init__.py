"""``kg watch``: sources are read when they change, and what is news of a company or relation is written as a digest.

CONFIG (`config`) says which sources and which interests. A round (`watcher`) reads what changed, finds out what is news
(`news`), and writes it (`digest`, `pages`). What has been told is kept in one file (`state`), of which every page is a
function: a round that is killed loses nothing and repeats nothing. Addresses are fetched (`fetching`) only where the
user asks for it.
"""
