"""Figures of the survey report on advanced manufacturing in Xixian New Area, 2019, and records rebuilt from them."""
