//! A caller's function inside our own loops.
//!
//! A function that a caller hands in fails with an error of the caller's kind, `E`. A solver that were generic over `E` would be compiled once for each kind;
//! so the solvers know only [`Error`], and a thin shell around each keeps the caller's error aside and hands it out as it came:
//!
//! ```text
//! pub fn integrate<E: From<Error>>(mut f: impl FnMut(f64) -> Result<f64, E>, …) -> Result<Estimate, E> {
//!     let mut caught = Caught::new("integrate");
//!     let found = adaptive(&mut |x| caught.catch(f(x)), …);
//!     caught.release(found)
//! }
//! ```

use crate::error::Error;

/// The error with which a caller's function ended a computation, while the computation winds up.
#[derive(Debug)]
pub(crate) struct Caught<E> {
    function: &'static str,
    error: Option<E>,
}

impl<E: From<Error>> Caught<E> {
    /// Nothing caught yet; `function` is the one of ours that runs.
    pub(crate) fn new(function: &'static str) -> Self {
        Caught { function, error: None }
    }

    /// What the caller's function gave; its error is kept, and the solver sees that it was interrupted.
    #[inline]
    pub(crate) fn catch<T>(&mut self, given: Result<T, E>) -> Result<T, Error> {
        given.map_err(|error| {
            self.error = Some(error);
            Error::Interrupted { function: self.function }
        })
    }

    /// What the solver found, or the error that the caller's function gave.
    pub(crate) fn release<T>(self, found: Result<T, Error>) -> Result<T, E> {
        found.map_err(|refusal| match (self.error, refusal) {
            (Some(error), Error::Interrupted { .. }) => error,
            (_, refusal) => refusal.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Caught;
    use crate::error::Error;

    #[derive(Debug, PartialEq)]
    enum Mine {
        Own(u8),
        Core(Error),
    }

    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Mine::Core(error)
        }
    }

    #[test]
    fn a_callers_error_comes_out_as_it_went_in() {
        let mut caught = Caught::new("f");
        let inside: Result<f64, Error> = caught.catch(Err(Mine::Own(3)));
        assert_eq!(inside, Err(Error::Interrupted { function: "f" }));
        assert_eq!(caught.release(inside), Err(Mine::Own(3)));
    }

    #[test]
    fn a_refusal_of_ours_stays_one() {
        let caught = Caught::<Mine>::new("f");
        let refused = Error::Interrupted { function: "g" };
        assert_eq!(caught.release::<()>(Err(refused.clone())), Err(Mine::Core(refused)));
        assert_eq!(Caught::<Mine>::new("f").release(Ok(1)), Ok(1));
    }
}
