//! Tests of the shape of a distribution: do these values come from that one, or from one and the same?
