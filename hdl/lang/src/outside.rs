//! The ports of a whole design as handles: how a test bench names what it pokes and peeks.

use crate::leaf::{Leaf, Net};
use crate::module::Module;
use crate::ports::Ports;
use crate::walk::Walk;
use olivine_netlist::PortId;

/// No module under elaboration has this serial number.
const OUTSIDE: u32 = u32::MAX;

/// The record of `config`'s ports whose handles stand for the ports of the design that
/// [`elaborate`](crate::elaborate()) makes of it. In authoring code they are faults.
pub fn outside<M: Module>(config: &M) -> M::Ports {
    let mut port = 0;
    config.ports().walk_ports(&mut Walk::new(&mut |_, leaf| {
        port += 1;
        leaf.with_net(Net::Value { owner: OUTSIDE, value: port - 1 })
    }))
}

impl Leaf {
    /// The port for which a handle of [`outside`] stands; nothing for other handles.
    pub fn outside_port(self) -> Option<PortId> {
        match self.net {
            Net::Value { owner: OUTSIDE, value } => Some(PortId(value)),
            _ => None,
        }
    }

    /// Width in bits.
    pub fn width(self) -> u32 {
        self.width
    }
}
