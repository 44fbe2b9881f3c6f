// The card's memory: buffers that end where a page begins that cannot be touched.
#pragma once
#include <cstddef>
#include <string>

namespace emulator {

/** Address of a buffer, or 0 where the machine's memory is full. */
size_t allocate(size_t bytes);
/** The buffer's bytes, or 0 where there is no such buffer. */
size_t release(size_t address);
/** True where all the bytes lie in one live buffer. */
bool holds(size_t address, size_t bytes);
/** What was written before or behind buffers, in words; empty where nothing was. */
std::string overwritten();
/** Where an address lies, in words: `12 bytes past the end of a buffer of 400 bytes`. */
std::string describeAddress(size_t address);

}  // namespace emulator
