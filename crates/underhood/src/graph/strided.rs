//! Walking through arrays: which element of the flattened source each element of the result is.

use super::build::{Graph, NodeId};
use super::operation::{Op, Stride};

/// A walk in C order over `shape`, each axis in steps of its own through a flattened array.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Walk {
    pub(super) start: usize,
    pub(super) shape: Vec<usize>,
    pub(super) steps: Vec<isize>,
}

/// The steps of an array in C order.
fn steps(shape: &[usize]) -> Vec<isize> {
    let mut steps = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        steps[axis - 1] = steps[axis] * shape[axis] as isize;
    }
    steps
}

/// How a node that only moves elements finds them in its input.
pub(super) fn of(graph: &Graph, id: NodeId) -> Option<Walk> {
    let node = graph.node(id);
    let source = graph.shape(*node.inputs.first()?);
    match &node.op {
        Op::Broadcast => Some(Walk::broadcast(source, &node.shape)),
        Op::Transpose(axes) => {
            let own = steps(source);
            Some(Walk { start: 0, shape: node.shape.to_vec(), steps: axes.iter().map(|axis| own[*axis]).collect() })
        }
        Op::Slice(strides) => Some(Walk::slice(source, strides)),
        _ => None,
    }
}

impl Walk {
    /// The part of an array that these strides take.
    pub(super) fn slice(source: &[usize], strides: &[Stride]) -> Walk {
        let own = steps(source);
        let start = strides.iter().zip(&own).filter(|(stride, _)| stride.count > 0);
        Walk {
            start: start.map(|(stride, step)| stride.start * *step as usize).sum(),
            shape: strides.iter().map(|stride| stride.count).collect(),
            steps: strides.iter().zip(&own).map(|(stride, step)| stride.step * step).collect(),
        }
    }

    /// The part of an array that begins at `start` of one axis and has this shape.
    pub(super) fn part(whole: &[usize], shape: &[usize], axis: usize, start: usize) -> Walk {
        let steps = steps(whole);
        Walk { start: start * steps[axis] as usize, shape: shape.to_vec(), steps }
    }

    fn broadcast(source: &[usize], shape: &[usize]) -> Walk {
        let (own, added) = (steps(source), shape.len() - source.len());
        let step = |axis: usize| match axis.checked_sub(added) {
            Some(axis) if source[axis] != 1 => own[axis],
            _ => 0,
        };
        Walk { start: 0, shape: shape.to_vec(), steps: (0..shape.len()).map(step).collect() }
    }

    /// All elements of an array, those that differ in `axes` only one after the other.
    pub(super) fn groups(source: &[usize], axes: &[usize]) -> Walk {
        let own = steps(source);
        let order: Vec<usize> =
            (0..source.len()).filter(|axis| !axes.contains(axis)).chain(axes.iter().copied()).collect();
        Walk {
            start: 0,
            shape: order.iter().map(|axis| source[*axis]).collect(),
            steps: order.iter().map(|axis| own[*axis]).collect(),
        }
    }

    /// How many elements it meets.
    pub(super) fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// The place of the only run that it is, if its elements stand one after the other.
    pub(super) fn run(&self) -> Option<usize> {
        let mut expected = 1;
        for (length, step) in self.shape.iter().zip(&self.steps).rev() {
            if *length != 1 && *step != expected {
                return None;
            }
            expected *= *length as isize;
        }
        Some(self.start)
    }

    /// The pattern of a whole source that is repeated: element i is the source's (i / repeat) mod period. None if it is not so simple.
    pub(super) fn tiles(&self) -> Option<(usize, usize)> {
        let lengths: Vec<_> = self.shape.iter().zip(&self.steps).filter(|(length, _)| **length != 1).collect();
        let kept = lengths.iter().position(|(_, step)| **step != 0)?;
        let end = lengths.iter().rposition(|(_, step)| **step != 0)? + 1;
        let mut period = 1;
        for (length, step) in lengths[kept..end].iter().rev() {
            if **step != period as isize {
                return None;
            }
            period *= **length;
        }
        let repeat = lengths[end..].iter().map(|(length, _)| **length).product();
        (self.start == 0).then_some((repeat, period))
    }

    /// The places of the elements, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        let mut left = self.size();
        let mut index = vec![0; self.shape.len()];
        let mut place = self.start as isize;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let found = place as usize;
            for axis in (0..index.len()).rev() {
                index[axis] += 1;
                place += self.steps[axis];
                if index[axis] < self.shape[axis] {
                    break;
                }
                place -= self.steps[axis] * self.shape[axis] as isize;
                index[axis] = 0;
            }
            Some(found)
        })
    }

    /// Calls `visit` with every run along the last axis: where it begins in the walk's own order, where in the source, and its step and length.
    pub(super) fn rows(&self, mut visit: impl FnMut(usize, usize, isize, usize)) {
        let Some((length, outer)) = self.shape.split_last() else {
            return visit(0, self.start, 1, 1);
        };
        if self.size() == 0 {
            return;
        }
        let axes = outer.len();
        let rows = Walk { start: self.start, shape: outer.to_vec(), steps: self.steps[..axes].to_vec() };
        for (row, place) in rows.places().enumerate() {
            visit(row * length, place, self.steps[axes], *length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Stride, Walk};

    #[test]
    fn walks_meet_the_elements_that_they_should() {
        let strides = [Stride { start: 1, step: 1, count: 2 }, Stride { start: 2, step: -2, count: 2 }];
        let walk = Walk::slice(&[3, 3], &strides);
        assert_eq!(walk.places().collect::<Vec<_>>(), [5, 3, 8, 6]);
        assert_eq!(walk.run(), None);
        let row = Walk::broadcast(&[3], &[2, 3]);
        assert_eq!((row.tiles(), row.places().collect::<Vec<_>>()), (Some((1, 3)), vec![0, 1, 2, 0, 1, 2]));
        let column = Walk::broadcast(&[2, 1], &[2, 3]);
        assert_eq!((column.tiles(), column.places().collect::<Vec<_>>()), (Some((3, 2)), vec![0, 0, 0, 1, 1, 1]));
        assert_eq!(Walk::groups(&[2, 2], &[0]).places().collect::<Vec<_>>(), [0, 2, 1, 3]);
        let tail = Walk::slice(&[4], &[Stride { start: 1, step: 1, count: 3 }]);
        assert_eq!(tail.run(), Some(1));
        assert_eq!(Walk::slice(&[], &[]).places().collect::<Vec<_>>(), [0]);
        let mut rows = Vec::new();
        walk.rows(|to, from, step, length| rows.push((to, from, step, length)));
        assert_eq!(rows, [(0, 5, -2, 2), (2, 8, -2, 2)]);
    }
}
