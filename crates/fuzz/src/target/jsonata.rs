//! JSONata expressions, compiled and evaluated with the default limits.

use std::cell::Cell;

use passo_json::Json;
use passo_jsonata::{Environment, Expression, Limits, NoHostFunctions, Profile};

use super::Target;
use crate::case::{Case, Outcome};
use crate::grammar;

pub(super) const TARGET: Target = Target {
    name: "jsonata",
    seeds: &SEEDS,
    words: &grammar::jsonata::WORDS,
    trees: false,
    generate: grammar::jsonata::expression,
    run,
};

fn run(case: &Case) -> Outcome {
    let Ok(expression) = Expression::compile(&case.code, &Profile::default()) else {
        return Outcome::Refused;
    };
    let input = Json::parse(&case.data).ok();
    let state = Cell::new(1_u64);
    let random = || {
        state.set(
            state
                .get()
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1),
        );
        state.get()
    };
    let environment = Environment {
        now_millis: 1_700_000_000_123,
        random: &random,
        host_functions: &NoHostFunctions,
    };
    let bindings = [("v", Json::from(2.5_f64)), ("s", Json::from("text"))];
    let result = expression.evaluate(input.as_ref(), &bindings, &environment, &limits());
    match result {
        // Printing must hold as well.
        Ok(value) => drop(value.map(|value| value.text_bytes())),
        Err(error) => drop(error.to_string()),
    }
    Outcome::Accepted
}

/// The default limits; an unoptimised build takes fewer steps in the same time.
fn limits() -> Limits {
    let limits = Limits::default();
    let steps = if cfg!(debug_assertions) {
        limits.steps / 100
    } else {
        limits.steps
    };
    Limits { steps, ..limits }
}

const SEEDS: [&str; 44] = [
    "a.b[0].c",
    "Account.Order.Product.(Price * Quantity)",
    "$sum(Account.Order.Product.Price)",
    "Account.Order[ID='o2'].Product{SKU: Price}",
    "Account.Order.Product^(>Price, SKU).SKU",
    "Account.Order@$o.Product@$p.{'o': $o.ID, 'p': $p.SKU}",
    "Account.Order#$i.Product.{'i': $i, 'parent': %.ID}",
    "**.Price",
    "*.*[0]",
    "$map([1..10], function($v, $i) { $v * $i })",
    "$filter([1..20], function($v) { $v % 3 = 0 })",
    "$reduce([1..5], function($a, $b) { $a + $b }, 10)",
    "($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(20))",
    "($f := function($n, $a) { $n <= 1 ? $a : $f($n - 1, $n + $a) }; $f(1000, 0))",
    "$ ~> |Account.Order|{'new': 1}, 'ID'|",
    "$string({'a': [1, 2, {'b': null}]}, true)",
    "$split('a, b, c', /,\\s*/)",
    "$replace('265USD', /([0-9]+)USD/, '$$$1')",
    "$match('ababbabbcc', /a(b+)/)",
    "$contains('abc', /B/i)",
    "$formatNumber(12345.6, '#,###.00')",
    "$formatNumber(0.14, '00.000e0', {'decimal-separator': ','})",
    "$formatInteger(2789, 'w')",
    "$parseInteger('one thousand', 'w')",
    "$fromMillis(1521801216617, '[Y0001]-[M01]-[D01] [FNn] [h]:[m] [P]', '+0530')",
    "$toMillis('2018-03-27T14:03:00.123Z')",
    "$toMillis('27th April 2008', '[D1o] [MNn] [Y0001]')",
    "$pad('x', 10, 'ab') & $pad('y', -5)",
    "$substring('hello', -3, 2) & $substringBefore('a-b', '-')",
    "$join($spread({'a': 1, 'b': 2}).*, ', ')",
    "$merge([{'a': 1}, {'b': 2}]) ~> $keys()",
    "$sort([3, 1, 2], function($l, $r) { $l > $r })",
    "$zip([1, 2], ['a', 'b']) ~> $reverse()",
    "$distinct([1, 1, 'a', 'a', {}, {}]) ~> $shuffle() ~> $count()",
    "$each({'a': 1}, function($v, $k) { $k & $v })",
    "$sift({'a': 1, 'b': 2}, function($v) { $v > 1 })",
    "$lookup({'a': 1}, 'a') in [1, 2] and not $exists(b)",
    "$base64decode($base64encode('text')) & $encodeUrlComponent('a b')",
    "$round(123.456, -2) + $power(2, 10) - $sqrt(16) * $abs(-5) / $ceil(1.1)",
    "$formatBase(255, 16) & $number('0x1F') & $boolean([0])",
    "$eval('1 + 2')",
    "function($x)<n:n>{ $x + 1 }('a')",
    "$assert($type(1) = 'number', 'no') ? $error('stop') : `a b`.\"c\"",
    "[1..3][$ > 1].{'v': $, 'w': $$}",
];
