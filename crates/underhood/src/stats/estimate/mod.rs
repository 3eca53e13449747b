//! Intervals: which values of a parameter the data are compatible with.
