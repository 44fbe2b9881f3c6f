// What a driver reads of PTX before it compiles it.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace emulator {

struct PtxEntry {
  std::string name;
  std::vector<size_t> sizes;
  /** Threads in a block at most, from .maxntid; 1024 where it is not said. */
  unsigned mostThreads;
};

struct Ptx {
  std::vector<PtxEntry> entries;
  /** A CUresult. */
  int result;
  /** What a driver's compiler would write to its log. */
  std::string log;
};

/** @param capability of the card, × 10 @param version that the driver speaks: 11000 is CUDA 11.0 */
Ptx readPtx(const std::string& text, int capability, int version);

}  // namespace emulator
