//! Channels whose ports bear the standards' names.

/// Visits a stream as ports: its payload's fields, `valid` and `ready` under these names; payload
/// and valid go `$forth`, ready `$back`.
macro_rules! channel {
    (
        $walk:ident $forth:ident $back:ident $stream:expr,
        $record:ident { $($field:ident $name:literal),* } $valid:literal $ready:literal
    ) => {
        Stream {
            payload: $record {
                $($field: $walk.field($name, |walk| walk.$forth(&$stream.payload.$field))),*
            },
            valid: $walk.field($valid, |walk| walk.$forth(&$stream.valid)),
            ready: $walk.field($ready, |walk| walk.$back(&$stream.ready)),
        }
    };
}

pub(super) use channel;
