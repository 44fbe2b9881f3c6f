// Names and words of the driver's results.
#pragma once
#include <map>
#include <utility>

namespace emulator {

const std::map<int, std::pair<const char*, const char*>>& errors();

}  // namespace emulator
