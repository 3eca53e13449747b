//! Power: how likely a test is to find an effect of a size, and how many values that takes.
