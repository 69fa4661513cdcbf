//! [`Property`]: a module beside a model under random stimulus, many runs side by side.

mod subject;

use crate::bench::{Bench, UNDEFINED, reset};
use crate::quiet;
use olivine_lang::{Module, elaborate, outside};
use olivine_netlist::DomainId;
use olivine_sim::{Adaptive, Batch, Compiled};
use proptest::collection::{VecStrategy, vec};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fmt::Debug;
use std::ops::RangeInclusive;
use subject::Subject;

/// Runs that are simulated side by side: the lanes of a vector register.
const SIDE_BY_SIDE: u32 = 16;

/// The most shrinking steps for a failure.
const SHRINK_STEPS_MAX: u32 = 20_000;

/// A module beside a model under random stimulus: many runs, simulated side by side in a
/// [`Batch`], each with a model of its own. A run that fails is shrunk alone, on a simulator of one
/// stimulus; the smallest that fails is printed cycle by cycle with its wave, and ends the test
/// with the author's own assertion.
///
/// The stimulus of run `r` is a function of seed and `r` alone.
///
/// ```
/// use olivine_bench::{Poke, Property};
/// use olivine_lang::prelude::*;
/// use proptest::prelude::any;
///
/// #[derive(Clone, Debug, Hash, PartialEq, Eq)]
/// struct Total;
///
/// #[derive(Ports)]
/// struct TotalPorts { x: In<Unsigned>, total: Out<Unsigned> }
///
/// impl Module for Total {
///     type Ports = TotalPorts;
///     fn ports(&self) -> TotalPorts {
///         TotalPorts { x: unsigned(8), total: unsigned(8) }
///     }
///     fn build(&self, p: TotalPorts) {
///         let total = reg(unsigned(8)).reset(0);
///         total.set(total.wrapping_add(p.x));
///         p.total.drive(total);
///     }
/// }
///
/// Property::of(Total).holds(any::<u8>(), || 0u8, |p, total, x| {
///     p.x.poke(x);
///     assert_eq!(p.total.peek(), u64::from(*total));
///     *total = total.wrapping_add(x);
/// });
/// ```
#[derive(Clone, Debug)]
pub struct Property<M> {
    module: M,
    runs: u32,
    cycles: RangeInclusive<usize>,
    seed: u64,
}

impl<M: Module> Property<M> {
    /// Of a module: 64 runs of 1 to 60 cycles, seed 1.
    pub fn of(module: M) -> Self {
        Self { module, runs: 64, cycles: 1..=60, seed: 1 }
    }

    /// With so many runs, 1 or more.
    pub fn runs(self, runs: u32) -> Self {
        assert!(runs > 0, "a property that is never tried holds always");
        Self { runs, ..self }
    }

    /// With so many cycles in a run, 1 or more.
    pub fn cycles(self, cycles: RangeInclusive<usize>) -> Self {
        assert!(*cycles.start() > 0, "a run has a cycle");
        assert!(cycles.start() <= cycles.end(), "there is no number of cycles in {cycles:?}");
        Self { cycles, ..self }
    }

    /// With another seed.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Holds the module against a model. `cycle` draws the stimulus of a cycle; `golden` makes the
    /// model of a run, in its state after reset; `drive` pokes and peeks the ports it is given, as
    /// in [`Bench::run`], asserts what must hold, and moves the model on.
    ///
    /// # Panics
    /// If the module has faults, with all of them; if an assertion of `drive` or of the design does
    /// not hold, with the smallest stimulus that was found.
    #[track_caller]
    pub fn holds<S, G>(
        self,
        cycle: S,
        golden: impl Fn() -> G,
        drive: impl Fn(&M::Ports, &mut G, S::Value),
    ) where
        S: Strategy<Value: Clone>,
    {
        let design = elaborate(self.module.clone()).unwrap_or_else(|faults| panic!("{faults}"));
        let ports = outside(&self.module);
        let subject = Subject { design, ports, golden: &golden, drive: &drive };
        let strategy = vec(cycle, self.cycles.clone());
        let lanes = self.runs.min(SIDE_BY_SIDE);
        let batch = reset_batch(Batch::new(&subject.design, UNDEFINED, lanes));
        for first in (0..self.runs).step_by(lanes as usize) {
            let runs = first..self.runs.min(first + lanes);
            let mut trees: Vec<_> = runs.map(|run| self.drawn(&strategy, run)).collect();
            let stimuli: Vec<_> = trees.iter().map(ValueTree::current).collect();
            if let Some(lane) = subject.side_by_side(Box::new(batch.clone()), &stimuli) {
                self.fail(&subject, first + lane as u32, trees.swap_remove(lane));
            }
        }
    }

    /// The stimulus of a run.
    #[track_caller]
    fn drawn<S: Strategy>(&self, strategy: &VecStrategy<S>, run: u32) -> Tree<S> {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        bytes[8..12].copy_from_slice(&run.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config = Config { failure_persistence: None, ..Config::default() };
        let tree = strategy.new_tree(&mut TestRunner::new_with_rng(config, rng));
        tree.unwrap_or_else(|reason| panic!("no stimulus can be drawn: {reason}"))
    }

    /// Shrinks the stimulus of a run that fails, and fails with the smallest.
    #[track_caller]
    fn fail<G, V: Clone + Debug>(
        &self,
        subject: &Subject<M, G, V>,
        run: u32,
        mut tree: impl ValueTree<Value = Vec<V>>,
    ) -> ! {
        let (name, seed) = (&subject.design.top().name, self.seed);
        let mut engine = Compiled::new(&subject.design, UNDEFINED);
        reset(&mut engine);
        let smallest = shrunk(&mut tree, |cycles| !subject.alone(&engine, cycles));
        let Some(smallest) = smallest else {
            panic!(
                "run {run} of seed {seed} on `{name}` fails beside others and passes alone: do its \
                 runs share something that changes?"
            );
        };
        let bench = || {
            let engine = Box::new(Adaptive::new(&subject.design, UNDEFINED));
            Bench::on(self.module.clone(), subject.design.clone(), engine)
        };
        println!("`{name}` fails in run {run} of seed {seed}, shrunk to these cycles:");
        smallest.iter().enumerate().for_each(|(i, cycle)| println!("{i:>6}  {cycle:?}"));
        let mut drawn = bench();
        quiet::passes(|| subject.traced(&mut drawn, &smallest));
        println!("{}", drawn.wave());
        subject.traced(&mut bench(), &smallest);
        unreachable!("what failed fails again");
    }
}

type Tree<S> = <VecStrategy<S> as Strategy>::Tree;

/// Resets all stimuli for one cycle of every domain.
fn reset_batch(mut batch: Batch) -> Batch {
    for domain in (0..batch.interface().domains.len() as u32).map(DomainId) {
        batch.set_reset(domain, true);
        batch.run(domain, 1);
        batch.set_reset(domain, false);
    }
    // What happened under reset is nobody's business.
    (0..batch.stimuli()).for_each(|stimulus| drop(batch.take_violations(stimulus)));
    batch
}

/// The smallest value on the way from a tree's that fails; nothing if that itself does not.
fn shrunk<T: ValueTree>(tree: &mut T, fails: impl Fn(&T::Value) -> bool) -> Option<T::Value> {
    let mut smallest = Some(tree.current()).filter(&fails)?;
    let mut goes_on = tree.simplify();
    for _ in 0..SHRINK_STEPS_MAX {
        if !goes_on {
            break;
        }
        let smaller = tree.current();
        goes_on = if fails(&smaller) {
            smallest = smaller;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    Some(smallest)
}
