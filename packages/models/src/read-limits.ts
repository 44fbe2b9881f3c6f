/** The largest file that is read whole: Protocol Buffers end at 2 GiB, and so do files of one memory view in many hosts. */
export const largestFileBytes = 2 ** 31 - 1;
