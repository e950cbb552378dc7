"""GB/T 4754-2017 section C, and the derived schemes of 2017 and 2018 as far as their tables could be found."""
