// Cleans one batch of readings. Rows that are no readings are left out; a batch that is mostly such rows is damaged.

class BatchDamaged extends Error {
  name = "BatchDamaged";
}

export const handler = async ({ BatchInput, Items }) => {
  const readings = Items.flatMap(({ sensor, day, celsius }) => {
    const value = celsius === "" ? NaN : Number(celsius);
    return Number.isFinite(value) ? [{ sensor, day, kelvin: Number((value + 273.15).toFixed(2)) }] : [];
  });
  if (readings.length * 2 < Items.length) {
    throw new BatchDamaged(`${Items.length - readings.length} of ${Items.length} rows of ${BatchInput.key} are no readings`);
  }
  return { readings: readings.length, leftOut: Items.length - readings.length, kelvin: sum(readings.map((it) => it.kelvin)) };
};

const sum = (numbers) => Number(numbers.reduce((total, it) => total + it, 0).toFixed(2));
