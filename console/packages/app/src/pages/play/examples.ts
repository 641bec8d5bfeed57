export const INPUT = JSON.stringify(
  {
    customer: 'Ana',
    items: [
      { price: 12.5, quantity: 4 },
      { price: 3, quantity: 2 },
    ],
  },
  null,
  2,
);

/** Expressions about [`INPUT`], in both languages. */
export const EXAMPLES: readonly string[] = [
  '{% $sum($states.input.items.(price * quantity)) %}',
  '{% $states.input.items[price > 5] %}',
  "{% $merge([$states.input, {'total': $sum($states.input.items.price)}]) %}",
  '$.items[?(@.price > 5)].quantity',
  "States.Format('{} has {} items', $.customer, States.ArrayLength($.items))",
];
