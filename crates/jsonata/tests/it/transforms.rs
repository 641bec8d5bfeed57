//! `|pattern|update,delete|`.

use crate::run::check;

#[test]
fn copies_are_changed_and_the_input_is_not() {
    check(&[
        (
            "(customer ~> |$|{'name': 'Bo'}, ['none', 'tags']|)",
            r#"{"name":"Bo"}"#,
        ),
        (
            "$ ~> |orders.lines[qty > 1]|{'big': true}| ~> function($o){$o.orders.lines.big}",
            "[true,true]",
        ),
        (
            "($c := customer ~> |$|{'name': 'Bo'}|; [$c.name, customer.name])",
            r#"["Bo","Ana"]"#,
        ),
        (
            "customer ~> |$|{'self': $}, 'tags'| ~> $lookup('self') ~> $keys",
            r#"["name","tags","none"]"#,
        ),
        (
            "{'a': {'b': {}}} ~> |**|{'x': 1}|",
            r#"{"a":{"b":{"x":1},"x":1},"x":1}"#,
        ),
        ("missing ~> |$|{}|", "undefined"),
        ("1 ~> |$|{}|", "!T0410"),
        ("customer ~> |$|1|", "!T2011"),
        ("customer ~> |$|{}, 1|", "!T2012"),
        ("customer ~> |missing|{'a': 1}| ~> $keys ~> $count", "3"),
    ]);
}
