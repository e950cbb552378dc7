"""Shares, contributions, pulls and sums that official releases print, with what must hold between them."""
