//! One suite for every backend: call [`run`] from a test of the backend with a way to open an empty store.

use std::ops::ControlFlow;

use crate::{Batch, Direction, Durability, KeyRange, Snapshot, Space, Store};

const ONE: Space = Space::new("one");
const TWO: Space = Space::new("two");

/// Runs every check, each on a store of its own.
///
/// # Panics
/// Where the backend does not keep the port's promises.
pub fn run(open: &dyn Fn() -> Box<dyn Store>) {
    for check in [
        reads_what_was_written,
        later_operations_win,
        batches_span_spaces,
        scans_are_ordered,
        prefixes_end_where_they_should,
        scans_stop,
        snapshots_do_not_move,
        ranges_delete_what_was_there_before,
        any_bytes_are_keys_and_values,
        readers_never_see_half_a_batch,
    ] {
        check(open().as_ref());
    }
}

fn commit(store: &dyn Store, fill: impl FnOnce(&mut Batch)) {
    let mut batch = Batch::new();
    fill(&mut batch);
    let outcome = store.commit(&batch, Durability::Synced);
    assert_eq!(outcome, Ok(()), "a commit failed");
}

fn view(store: &dyn Store) -> Box<dyn Snapshot> {
    let snapshot = store.snapshot();
    assert!(snapshot.is_ok(), "no snapshot");
    snapshot.unwrap_or_else(|_| {
        Box::new(crate::memory::MemorySnapshot {
            spaces: Default::default(),
        })
    })
}

fn get(store: &dyn Store, space: Space, key: &[u8]) -> Option<Vec<u8>> {
    view(store).get(space, key).unwrap_or_default()
}

fn keys(snapshot: &dyn Snapshot, range: &KeyRange, direction: Direction) -> Vec<String> {
    let mut found = Vec::new();
    let outcome = snapshot.scan(ONE, range, direction, &mut |key, _| {
        found.push(String::from_utf8_lossy(key).into_owned());
        ControlFlow::Continue(())
    });
    assert_eq!(outcome, Ok(()), "a scan failed");
    found
}

fn fill(store: &dyn Store, names: &[&str]) {
    commit(store, |batch| {
        for name in names {
            batch.put(ONE, *name, *name);
        }
    });
}

fn reads_what_was_written(store: &dyn Store) {
    assert_eq!(get(store, ONE, b"k"), None);
    commit(store, |batch| batch.put(ONE, "k", "v"));
    assert_eq!(get(store, ONE, b"k"), Some(b"v".to_vec()));
    commit(store, |batch| batch.delete(ONE, "k"));
    assert_eq!(get(store, ONE, b"k"), None);
    commit(store, |batch| batch.delete(ONE, "absent"));
}

fn later_operations_win(store: &dyn Store) {
    commit(store, |batch| {
        batch.put(ONE, "k", "first");
        batch.delete(ONE, "k");
        batch.put(ONE, "k", "last");
        batch.put(ONE, "gone", "x");
        batch.delete(ONE, "gone");
    });
    assert_eq!(get(store, ONE, b"k"), Some(b"last".to_vec()));
    assert_eq!(get(store, ONE, b"gone"), None);
}

fn batches_span_spaces(store: &dyn Store) {
    commit(store, |batch| {
        batch.put(ONE, "k", "one");
        batch.put(TWO, "k", "two");
    });
    assert_eq!(get(store, ONE, b"k"), Some(b"one".to_vec()));
    assert_eq!(get(store, TWO, b"k"), Some(b"two".to_vec()));
}

fn scans_are_ordered(store: &dyn Store) {
    fill(store, &["b", "a", "ab", "c"]);
    let snapshot = view(store);
    let all = KeyRange::all();
    assert_eq!(
        keys(snapshot.as_ref(), &all, Direction::Forward),
        ["a", "ab", "b", "c"]
    );
    assert_eq!(
        keys(snapshot.as_ref(), &all, Direction::Backward),
        ["c", "b", "ab", "a"]
    );
    let some = KeyRange::between(b"a", b"b");
    assert_eq!(
        keys(snapshot.as_ref(), &some, Direction::Backward),
        ["ab", "a"]
    );
    let none = KeyRange::between(b"b", b"a");
    assert!(keys(snapshot.as_ref(), &none, Direction::Forward).is_empty());
}

fn prefixes_end_where_they_should(store: &dyn Store) {
    commit(store, |batch| {
        for key in [
            &b"a\xff"[..],
            b"a\xff\xff",
            b"a\xff\x01",
            b"b",
            b"\xff\xff",
            b"\xff",
        ] {
            batch.put(ONE, key, "");
        }
    });
    let count = |prefix: &[u8]| {
        keys(
            view(store).as_ref(),
            &KeyRange::prefix(prefix),
            Direction::Forward,
        )
        .len()
    };
    assert_eq!(
        [
            count(b"a\xff"),
            count(b"\xff"),
            count(b"\xff\xff"),
            count(b""),
            count(b"c")
        ],
        [3, 2, 1, 6, 0]
    );
}

fn scans_stop(store: &dyn Store) {
    fill(store, &["a", "b", "c"]);
    let mut seen = 0;
    let _ = view(store).scan(ONE, &KeyRange::all(), Direction::Forward, &mut |_, _| {
        seen += 1;
        if seen == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(seen, 2);
}

fn snapshots_do_not_move(store: &dyn Store) {
    fill(store, &["a"]);
    let before = view(store);
    fill(store, &["b"]);
    commit(store, |batch| batch.delete(ONE, "a"));
    assert_eq!(
        keys(before.as_ref(), &KeyRange::all(), Direction::Forward),
        ["a"]
    );
    assert_eq!(
        keys(view(store).as_ref(), &KeyRange::all(), Direction::Forward),
        ["b"]
    );
}

fn ranges_delete_what_was_there_before(store: &dyn Store) {
    fill(store, &["a", "b", "c", "d"]);
    commit(store, |batch| {
        batch.put(ONE, "b", "again");
        batch.put(ONE, "ba", "put before");
        batch.delete(ONE, "d");
        batch.put(ONE, "d", "outside");
        batch.delete_range(ONE, KeyRange::between(b"a", b"d"));
        batch.put(ONE, "bb", "put after");
        batch.put(ONE, "c", "put again");
    });
    let left = keys(view(store).as_ref(), &KeyRange::all(), Direction::Forward);
    assert_eq!(left, ["bb", "c", "d"]);
    assert_eq!(get(store, ONE, b"c"), Some(b"put again".to_vec()));
    assert_eq!(get(store, ONE, b"d"), Some(b"outside".to_vec()));
}

fn any_bytes_are_keys_and_values(store: &dyn Store) {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let long = vec![7; 1 << 20];
    commit(store, |batch| {
        batch.put(ONE, bytes.clone(), long.clone());
        batch.put(ONE, vec![0], Vec::new());
    });
    assert_eq!(get(store, ONE, &bytes), Some(long));
    assert_eq!(get(store, ONE, &[0]), Some(Vec::new()));
}

fn readers_never_see_half_a_batch(store: &dyn Store) {
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..200_u32 {
                commit(store, |batch| {
                    batch.put(ONE, "a", round.to_be_bytes());
                    batch.put(TWO, "b", round.to_be_bytes());
                });
            }
        });
        while !writer.is_finished() {
            let snapshot = view(store);
            let (a, b) = (snapshot.get(ONE, b"a"), snapshot.get(TWO, b"b"));
            assert_eq!(a, b, "a reader saw half a batch");
        }
    });
}
