// How the threads of the cpu device share one dispatch. Plain JavaScript, because a thread loads it as it stands: from
// src under the tests, from dist, or bundled for a browser.

/**
 * Words of the control block, an Int32Array over memory that all threads share. It is not part of the kernels' memory,
 * so that no kernel gone astray can write over it.
 */
export const GENERATION = 0;
/** 1 while ranges of the dispatch may be claimed. */
export const OPEN = 1;
/** Threads, other than the calling one, that are in the dispatch. */
export const ACTIVE = 2;
/** The first item that nobody has claimed, as u32. */
export const NEXT = 3;
/** As u32. */
export const ITEMS = 4;
/** The fewest items in a range. */
export const LEAST = 5;
/** Which of the module's functions. */
export const ENTRY = 6;
/** How many arguments, without begin and end. */
export const COUNT = 7;
/** Bit i is set where argument i is a bigint. */
export const WIDE = 8;
/** 1 as soon as a thread has stopped in the dispatch. */
export const FAILED = 9;
/** 1 while the calling thread waits for a message. */
export const WAITING = 10;

/** Where the arguments begin, 8 bytes each. */
const argumentsAt = 64;
export const mostArguments = 31;
export const controlBytes = argumentsAt + mostArguments * 8;

/**
 * The fewest items in a range: a multiple of 64, so that no two threads write in one cache line even where an item's
 * output is a byte. Where there are too few items for four such ranges a thread, it is a smaller power of 2, as few items
 * are worth a thread only if each is long. About 64 ranges a thread at most.
 * @param {number} items
 * @param {number} threads
 */
export function leastRange(items, threads) {
  let least = 64;
  while (least > 1 && items < least * threads * 4) least /= 2;
  return least * Math.max(1, Math.ceil(items / (threads * 64 * least)));
}

/**
 * Claims ranges until none is left or a thread has failed, and calls `work` with each. Ranges begin long and become
 * shorter, so that all threads end at about the same time however uneven the items are.
 * @param {Int32Array} control
 * @param {number} threads
 * @param {(begin: number, end: number) => void} work
 */
export function claimRanges(control, threads, work) {
  const items = Atomics.load(control, ITEMS) >>> 0;
  const least = Atomics.load(control, LEAST);
  while (Atomics.load(control, FAILED) === 0) {
    const begin = Atomics.load(control, NEXT) >>> 0;
    if (begin >= items) return;
    const share = Math.floor((items - begin) / (2 * threads * least)) * least;
    const end = Math.min(items, begin + Math.max(least, share));
    if (Atomics.compareExchange(control, NEXT, begin | 0, end | 0) === (begin | 0)) work(begin, end);
  }
}

/**
 * @param {Int32Array} control
 * @param {readonly (number | bigint)[]} args
 */
export function writeArguments(control, args) {
  const numbers = new Float64Array(control.buffer, argumentsAt, mostArguments);
  const bigs = new BigInt64Array(control.buffer, argumentsAt, mostArguments);
  let wide = 0;
  for (const [index, value] of args.entries()) {
    if (typeof value === "bigint") {
      bigs[index] = value;
      wide |= 1 << index;
    } else numbers[index] = value;
  }
  control[COUNT] = args.length;
  control[WIDE] = wide;
}

/**
 * @param {Int32Array} control
 * @returns {(number | bigint)[]}
 */
export function readArguments(control) {
  const numbers = new Float64Array(control.buffer, argumentsAt, mostArguments);
  const bigs = new BigInt64Array(control.buffer, argumentsAt, mostArguments);
  const wide = control[WIDE] ?? 0;
  return Array.from({ length: control[COUNT] ?? 0 }, (_, index) =>
    (wide >>> index) & 1 ? (bigs[index] ?? 0n) : (numbers[index] ?? 0),
  );
}

/**
 * The names of a module's functions, in the order that ENTRY counts.
 * @param {WebAssembly.Module} module
 */
export function functionNames(module) {
  return WebAssembly.Module.exports(module)
    .filter((one) => one.kind === "function")
    .map((one) => one.name);
}

/**
 * Calls a kernel's entry for ranges, with the same array of arguments each time.
 * @param {Function} entry
 * @param {readonly (number | bigint)[]} args
 * @returns {(begin: number, end: number) => void}
 */
export function callerOf(entry, args) {
  const values = [...args, 0, 0];
  return (begin, end) => {
    values[args.length] = begin;
    values[args.length + 1] = end;
    Reflect.apply(entry, undefined, values);
  };
}
