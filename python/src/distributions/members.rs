//! The distributions that a Python object stands for: one, or an array of them, made of broadcast parameters.

use std::sync::Arc;

use numpy::PyArrayMethods;
use numpy::ndarray::{ArrayD, ArrayViewD, IxDyn};
use numpy::{PyArrayDyn, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use underhood::check;
use underhood::distributions::Distribution;
use underhood::random::Stream;

use super::families::{Family, Names};
use crate::array::{self, Array};
use crate::elementwise::{broadcast_shape, map, map_runs, map_wide};
use crate::error::Outcome;
use crate::runtime;

/// So many draws are made between two looks at Ctrl-C.
const CHUNK: usize = 1 << 16;

/// Distributions of one family.
#[derive(Debug)]
pub(crate) struct Members<D: ?Sized> {
    pub(crate) names: &'static Names,
    members: Vec<Arc<D>>,
    /// What the parameters are called.
    called: &'static [&'static str],
    /// The parameters of the first member, then those of the second, …
    parameters: Vec<f64>,
    /// For an array of distributions: the place of each in `members`, an array of the parameters' shape.
    places: Option<Py<PyArrayDyn<f64>>>,
}

/// The parameters of one distribution that are all Python numbers: the short way, without arrays.
fn plain_numbers(given: &Bound<'_, PyTuple>) -> Option<Vec<f64>> {
    given.iter_borrowed().map(|value| if array::is_number(&value) { value.extract().ok() } else { None }).collect()
}

impl<D: Distribution + ?Sized> Members<D> {
    /// One distribution that is not made of numbers.
    pub(crate) fn composed(names: &'static Names, distribution: Arc<D>) -> Self {
        Members { names, members: vec![distribution], called: &[], parameters: Vec::new(), places: None }
    }

    /// The members of a family with these parameters, numbers or arrays.
    pub(crate) fn of(family: &'static Family<D>, given: &Bound<'_, PyTuple>) -> Outcome<Self> {
        let (class, called) = (family.names.class, family.parameters);
        if let Some(parameters) = plain_numbers(given) {
            let members = vec![(family.member)(&parameters)?];
            return Ok(Members { names: family.names, members, called, parameters, places: None });
        }
        let arrays: Vec<Array<'_>> = given
            .iter()
            .zip(called)
            .map(|(value, argument)| array::array(class, argument, &value))
            .collect::<Outcome<_>>()?;
        let views: Vec<ArrayViewD<'_, f64>> = arrays.iter().map(Array::view).collect();
        let shapes: Vec<&[usize]> = views.iter().map(ArrayViewD::shape).collect();
        let shape = broadcast_shape(class, called, &shapes)?;
        let spread: Vec<_> = views.iter().filter_map(|view| view.broadcast(IxDyn(&shape))).collect();
        let mut columns: Vec<_> = spread.iter().map(|view| view.iter()).collect();
        // A distribution and what is kept of it take some ten numbers.
        check::room(class, "distributions", &[&shape[..], &[10]].concat())?;
        let count: usize = shape.iter().product();
        let (mut members, mut parameters) = (Vec::with_capacity(count), Vec::with_capacity(count * called.len()));
        for place in 0..count {
            parameters.extend(columns.iter_mut().filter_map(Iterator::next));
            members.push((family.member)(&parameters[place * called.len()..])?);
            if place % CHUNK == CHUNK - 1 {
                runtime::check_signals()?;
            }
        }
        let places = (!shape.is_empty()).then(|| {
            let numbers = (0..count).map(|place| place as f64).collect::<Vec<f64>>();
            let places = ArrayD::from_shape_vec(IxDyn(&shape), numbers).unwrap_or_default();
            places.to_pyarray(given.py()).unbind()
        });
        Ok(Members { names: family.names, members, called, parameters, places })
    }

    /// The distributions themselves.
    pub(crate) fn members(&self) -> &[Arc<D>] {
        &self.members
    }

    /// The one distribution; None for an array of them.
    pub(crate) fn alone(&self) -> Option<Arc<D>> {
        if self.places.is_none() { self.members.first().cloned() } else { None }
    }

    /// The parameters of the one distribution; None for an array of them.
    pub(crate) fn only(&self) -> Option<&[f64]> {
        self.places.is_none().then_some(&self.parameters)
    }

    /// The parameters of each member.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &[f64]> {
        self.parameters.chunks_exact(self.called.len().max(1))
    }

    /// The shape of an array of distributions; None for one.
    pub(crate) fn shape(&self, py: Python<'_>) -> Option<Vec<usize>> {
        // SAFETY: only the shape is read.
        self.places.as_ref().map(|places| unsafe { places.bind(py).as_array() }.shape().to_vec())
    }

    /// A number for every distribution: a float for one, else an array.
    pub(crate) fn each<'py>(&self, py: Python<'py>, of: impl Fn(&D) -> f64) -> Outcome<Bound<'py, PyAny>> {
        let mut numbers = Vec::with_capacity(self.members.len());
        for (count, member) in self.members.iter().enumerate() {
            numbers.push(of(member));
            if count % 64 == 63 {
                runtime::check_signals()?;
            }
        }
        self.spread(py, numbers.into_iter())
    }

    /// One parameter: a float, or an array.
    pub(crate) fn parameter<'py>(&self, py: Python<'py>, place: usize) -> Outcome<Bound<'py, PyAny>> {
        self.spread(py, self.parameters().map(|parameters| parameters[place]))
    }

    pub(crate) fn called(&self) -> &'static [&'static str] {
        self.called
    }

    fn spread<'py>(&self, py: Python<'py>, mut numbers: impl Iterator<Item = f64>) -> Outcome<Bound<'py, PyAny>> {
        let Some(shape) = self.shape(py) else {
            return Ok(PyFloat::new(py, numbers.next().unwrap_or(f64::NAN)).into_any());
        };
        let out = array::unwritten(py, &shape)?;
        // SAFETY: the array is new, contiguous, and nobody else has it.
        let slots = unsafe { out.as_slice_mut() }.map_err(PyErr::from)?;
        slots.iter_mut().zip(numbers).for_each(|(slot, number)| *slot = number);
        Ok(out.into_any())
    }

    /// A function of numbers, element by element, with the parameters broadcast against them.
    pub(crate) fn map<'py>(
        &self,
        py: Python<'py>,
        function: &'static str,
        argument: (&'static str, &Bound<'py, PyAny>),
        wide: impl Fn(&D, &mut [f64]) + Sync,
    ) -> Outcome<Bound<'py, PyAny>> {
        let Some(places) = &self.places else {
            return map_wide(py, function, argument, |x| wide(&self.members[0], x));
        };
        let places = places.bind(py).as_any();
        let one = |[place, x]: [f64; 2]| {
            let mut value = [x];
            wide(&self.members[place as usize], &mut value);
            value[0]
        };
        map_runs(py, function, [("parameters", places), argument], one, |&[place, _], x| {
            wide(&self.members[place as usize], x);
        })
    }

    /// A function of two numbers.
    pub(crate) fn map_two<'py>(
        &self,
        py: Python<'py>,
        function: &'static str,
        arguments: [(&'static str, &Bound<'py, PyAny>); 2],
        f: impl Fn(&D, f64, f64) -> f64 + Sync,
    ) -> Outcome<Bound<'py, PyAny>> {
        let Some(places) = &self.places else {
            return map(py, function, arguments, |[a, b]| f(&self.members[0], a, b));
        };
        let [a, b] = arguments;
        map(py, function, [("parameters", places.bind(py).as_any()), a, b], |[place, a, b]| {
            f(&self.members[place as usize], a, b)
        })
    }

    /// Draws: one, or an array of this shape, to which the parameters are broadcast.
    pub(crate) fn draw<'py>(
        &self,
        py: Python<'py>,
        function: &'static str,
        size: Option<Vec<usize>>,
        stream: &mut Stream,
    ) -> Outcome<Bound<'py, PyAny>> {
        let own = self.shape(py);
        let Some(shape) = size.or_else(|| own.clone()) else {
            return Ok(PyFloat::new(py, self.members[0].sample(stream)).into_any());
        };
        let out = array::unwritten(py, &shape)?;
        // SAFETY: the array is new, contiguous, and nobody else has it.
        let slots = unsafe { out.as_slice_mut() }.map_err(PyErr::from)?;
        match own {
            None => {
                for piece in slots.chunks_mut(CHUNK) {
                    runtime::run(py, 10 * piece.len(), || self.members[0].fill(stream, piece));
                    runtime::check_signals()?;
                }
            }
            Some(own) => {
                let together = broadcast_shape(function, &["parameters", "size"], &[&own, &shape])?;
                if together != shape {
                    let expected = format!("the parameters have shape {own:?}");
                    let argument = "size";
                    return Err(underhood::Error::Shape { function, argument, shape, expected }.into());
                }
                let places = ArrayD::from_shape_vec(IxDyn(&own), (0..self.members.len()).collect());
                let places = places.map_err(|_| pyo3::exceptions::PyRuntimeError::new_err("rvs: lost a shape"))?;
                if let Some(places) = places.broadcast(IxDyn(&shape)) {
                    for (count, (slot, &place)) in slots.iter_mut().zip(places.iter()).enumerate() {
                        *slot = self.members[place].sample(stream);
                        if count % CHUNK == CHUNK - 1 {
                            runtime::check_signals()?;
                        }
                    }
                }
            }
        }
        Ok(out.into_any())
    }
}
