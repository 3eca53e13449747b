//! Resampling: what the data say of a statistic's uncertainty, with the data themselves in place of a distribution.
