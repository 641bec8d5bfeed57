//! Paths: names, predicates, wildcards, constructors, groups and order.

use crate::run::{check, check_on};

#[test]
fn names_and_flattening() {
    check(&[
        ("customer.name", r#""Ana""#),
        ("customer.none", "null"),
        ("customer.missing.name", "undefined"),
        ("customer.name.first", "undefined"),
        ("orders.id", "[1,2]"),
        ("orders.lines.sku", r#"["x","y","x"]"#),
        ("nested", "[[1,2],[3,[4]]]"),
        ("nested.$", "[1,2,3,[4]]"),
        ("empty", "[]"),
        ("empty.x", "undefined"),
        ("one", r#"["only"]"#),
        ("one.$", r#""only""#),
        ("`customer`.\"name\"", r#""Ana""#),
        ("$.customer.name & $$.customer.name", r#""AnaAna""#),
    ]);
}

#[test]
fn singletons_stay_arrays_where_asked() {
    check(&[
        ("orders[0].lines[0].sku", r#""x""#),
        ("orders[id=2].lines.sku", r#""x""#),
        ("orders[id=2].lines.sku[]", r#"["x"]"#),
        ("orders[][id=2].lines.sku", r#"["x"]"#),
        ("$.orders[id=2].lines[].sku", r#"["x"]"#),
        ("missing[]", "undefined"),
    ]);
}

#[test]
fn predicates_select_by_truth_and_by_index() {
    check(&[
        ("orders[0].id", "1"),
        ("orders[-1].id", "2"),
        ("orders[1.9].id", "2"),
        ("orders[5]", "undefined"),
        ("orders.lines[0].sku", r#"["x","x"]"#),
        ("(orders.lines)[0].sku", r#""x""#),
        ("orders.lines[price > 2].sku", r#""y""#),
        ("orders.lines[qty > 1 and price < 2].qty", "[2,4]"),
        ("(orders.lines)[[0, 2]].qty", "[2,4]"),
        ("(orders.lines)[[0..1]].sku", r#"["x","y"]"#),
        ("orders[lines[sku = 'y']].id", "1"),
        ("orders[$count(lines) = 1].id", "2"),
        ("nested[0][1]", "2"),
        ("(nested[0])[1]", "2"),
        ("nested[[0]]", "[1,2]"),
    ]);
}

#[test]
fn wildcards() {
    check(&[
        ("customer.*", r#"["Ana","a","b",null]"#),
        ("orders.*.sku", r#"["x","y","x"]"#),
        ("**.sku", r#"["x","y","x"]"#),
        ("$count(customer.**)", "5"),
        ("missing.**", "undefined"),
    ]);
    check_on("[{\"a\": 1}, {\"a\": 2}]", "*", r#"[{"a":1},{"a":2}]"#);
    check_on("[{\"a\": 1}, {\"a\": 2}]", "a", "[1,2]");
    check_on("[{\"a\": 1}, {\"a\": 2}]", "$[0].a", "1");
    check_on("[[1, 2]]", "$", "[[1,2]]");
}

#[test]
fn constructors_in_paths_are_not_flattened() {
    check(&[
        ("orders.[id, $count(lines)]", "[[1,2],[2,1]]"),
        ("orders.[id].$", "[[1],[2]]"),
        ("[1, 2].$", "[1,2]"),
        ("[[1, 2], [3]].$", "[1,2,3]"),
        ("[].x", "[]"),
        ("orders.{'n': id}", r#"[{"n":1},{"n":2}]"#),
        ("orders[0].{'n': id, 'missing': x}", r#"{"n":1}"#),
    ]);
}

#[test]
fn groups() {
    check(&[
        ("orders.lines{sku: qty}", r#"{"x":[2,4],"y":1}"#),
        ("orders.lines{sku: $sum(qty)}", r#"{"x":6,"y":1}"#),
        ("orders{'all': $count(id)}", r#"{"all":2}"#),
        ("{'a': 1, 'a': 2}", "!D1009"),
        ("orders.lines{qty: sku}", "!T1003"),
        ("{}", "{}"),
        ("empty{'a': 1}", r#"{"a":1}"#),
        ("orders.lines{sku: qty}{'n': 1}", "!S0210"),
    ]);
}

#[test]
fn order_by() {
    check(&[
        ("orders.lines^(qty).qty", "[1,2,4]"),
        ("orders.lines^(>qty).qty", "[4,2,1]"),
        ("orders.lines^(>price, qty).qty", "[1,2,4]"),
        ("orders.lines^(missing).qty", "[2,1,4]"),
        ("orders^(lines)", "!T2008"),
        ("(1) ^($)", "1"),
        ("['b', 1] ^($)", "!T2007"),
        ("['b', 'a', 'B'] ^($)", r#"["B","a","b"]"#),
    ]);
}
