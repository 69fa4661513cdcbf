//! [`Responses`]: the way back to the host.

use super::device_memory::WORD_BITS;
use olivine_lang::prelude::*;

/// Keeps what was read until the host takes it.
///
/// *Behaviour*: `data` of the cycle after `read` is a response. Up to two are outstanding; `room`
/// says whether one more may be asked for. Responses leave in order.
///
/// *Timing*: one response a cycle if the host takes it at once, in the cycle after `read`. `room`
/// does not depend on the host's `ready`.
///
/// *Handshake*: `read` only where there is room: asserted. The stream keeps its rules: asserted.
///
/// *Reset*: nothing outstanding.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Responses;

/// The ports of [`Responses`].
#[derive(Ports)]
pub struct ResponsesPorts {
    /// Something is being read.
    pub read: In<Bit>,
    /// What was read in the cycle before.
    pub data: In<Unsigned>,
    /// A further read may begin.
    pub room: Out<Bit>,
    /// To the host.
    pub resp: Source<Unsigned>,
}

impl Module for Responses {
    type Ports = ResponsesPorts;

    fn ports(&self) -> ResponsesPorts {
        let word = unsigned(WORD_BITS);
        ResponsesPorts { read: bit(), data: word, room: bit(), resp: stream(word) }
    }

    #[named]
    fn build(&self, p: ResponsesPorts) {
        let arrives = reg(bit()).reset(false);
        arrives.set(p.read);
        let (one_kept, two_kept) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let (kept, kept_after) = (reg(p.data.shape()), reg(p.data.shape()));

        p.resp.valid.drive(one_kept | arrives);
        p.resp.payload.drive(one_kept.select(kept, p.data));
        p.room.drive(!two_kept & !(one_kept & arrives));
        let taken = p.resp.transfer();
        let stays = one_kept & !taken;
        when(taken, || kept.set(two_kept.select(kept_after, p.data)));
        when(!one_kept, || kept.set(p.data));
        when(arrives, || kept_after.set(p.data));
        one_kept.set(stays | (one_kept & (two_kept | arrives)) | (!one_kept & arrives & !taken));
        two_kept.set((stays & arrives) | (two_kept & !taken));

        always("reads begin only where there is room", p.read.implies(p.room));
        always("two are kept only if one is", two_kept.implies(one_kept));
        always("nothing arrives without a place", !(two_kept & arrives));
        always("a response offered stays until it is taken", {
            let offered = past(p.resp.valid & !p.resp.ready) & past_valid();
            offered.implies(p.resp.valid & stable(p.resp.payload))
        });
    }
}
