//! `%`, `@` and `#`.

use crate::run::{check, check_on};

#[test]
fn parents() {
    check(&[
        (
            "orders.lines.{'id': %.id, 'sku': sku}",
            r#"[{"id":1,"sku":"x"},{"id":1,"sku":"y"},{"id":2,"sku":"x"}]"#,
        ),
        ("orders.lines.sku.%.%.id", "[1,1,2]"),
        ("orders.lines[%.id = 2].sku", r#""x""#),
        ("(orders.lines)[%.id = 1].qty", "[2,1]"),
        ("orders.lines^(%.id, >qty).qty", "[2,1,4]"),
        ("orders.lines.($p := %.id; qty * $p)", "[2,1,8]"),
        ("%", "!S0217"),
        ("orders.%.%.%", "!S0217"),
    ]);
}

#[test]
fn focus_and_index() {
    check(&[
        (
            "orders@$o.lines@$l[$l.qty > 1].{'o': $o.id, 'q': $l.qty}",
            "undefined",
        ),
        (
            "orders@$o.$o.lines@$l.{'o': $o.id, 'q': $l.qty}",
            r#"[{"o":1,"q":2},{"o":1,"q":1},{"o":2,"q":4}]"#,
        ),
        (
            "orders#$i.lines.{'i': $i, 'sku': sku}",
            r#"[{"i":0,"sku":"x"},{"i":0,"sku":"y"},{"i":1,"sku":"x"}]"#,
        ),
        ("orders.lines#$i[$i = 1].sku", r#""y""#),
        ("orders.lines[qty > 1]#$i.[$i, qty]", "[0,2,1,4]"),
        ("orders@$o.(function(){$o.id})()", "[1,2]"),
        ("orders#$i{'k' & $i: id}", r#"{"k0":1,"k1":2}"#),
        ("orders@1", "!S0214"),
        ("orders[0]@$o", "!S0215"),
        ("orders^(id)@$o", "!S0216"),
    ]);
    let library = r#"{"loans": [{"isbn": 2}, {"isbn": 1}], "books": [{"isbn": 1, "t": "A"}, {"isbn": 2, "t": "B"}]}"#;
    check_on(
        library,
        "loans@$l.books@$b[$l.isbn = $b.isbn].{'t': $b.t, 'n': $l.isbn}",
        r#"[{"t":"B","n":2},{"t":"A","n":1}]"#,
    );
}
