"""Feeds and pages of the web, fetched into a folder where the user asks for it: politely, and from public hosts alone.

`hosts` says which addresses of the network are asked at all, `robots` what their owners allow, `client` sends one
request within limits, `fetcher` keeps what was fetched. Nothing else in kg fetches what is to be read.
"""
