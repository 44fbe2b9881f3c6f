#include "ptx.h"
#include <algorithm>
#include <regex>

namespace emulator {

namespace {

size_t sizeOf(const std::string& type) { return (size_t)std::stoi(type.substr(1)) / 8; }

Ptx refuse(int result, const std::string& log) { return {{}, result, "ptxas fatal : " + log}; }

}  // namespace

Ptx readPtx(const std::string& text, int capability, int version) {
  std::smatch match;
  // Every PTX version X.Y came with a CUDA version: 7.0 with 11.0, 8.0 with 12.0, 9.0 with 13.0.
  if (!std::regex_search(text, match, std::regex(R"((?:^|\n)\.version (\d+)\.(\d+))"))) {
    return refuse(218, "no .version directive");
  }
  if ((std::stoi(match[1]) + 4) * 1000 + std::stoi(match[2]) * 10 > version) {
    return refuse(222, "Unsupported .version " + match[1].str() + "." + match[2].str());
  }
  if (!std::regex_search(text, match, std::regex(R"(\n\.target (?:sm|compute)_(\d+))"))) {
    return refuse(218, "no .target directive");
  }
  if (std::stoi(match[1]) > capability) return refuse(209, "PTX for a later card: sm_" + match[1].str());
  if (std::count(text.begin(), text.end(), '{') != std::count(text.begin(), text.end(), '}')) {
    return refuse(218, "a brace is not closed");
  }
  Ptx ptx = {{}, 0, ""};
  size_t at = 0;
  const std::string mark = ".visible .entry ";
  while ((at = text.find(mark, at)) != std::string::npos) {
    at += mark.size();
    const size_t open = text.find('(', at);
    const size_t close = text.find(')', at);
    const size_t body = text.find('{', at);
    if (open == std::string::npos || close == std::string::npos || body == std::string::npos) {
      return refuse(218, "an entry without a body");
    }
    PtxEntry entry = {text.substr(at, open - at), {}, 1024};
    const std::string parameters = text.substr(open, close - open);
    const std::regex parameter(R"(\.param (?:\.align \d+ )?\.([a-z]\d+)[^,\n]*?(?:\[(\d+)\])?(?:,|\n|$))");
    for (std::sregex_iterator one(parameters.begin(), parameters.end(), parameter), end; one != end; ++one) {
      const size_t count = (*one)[2].matched ? (size_t)std::stoi((*one)[2]) : 1;
      entry.sizes.push_back(sizeOf((*one)[1]) * count);
    }
    const std::string limits = text.substr(close, body - close);
    if (std::regex_search(limits, match, std::regex(R"(\.maxntid (\d+)(?:, (\d+)(?:, (\d+))?)?)"))) {
      entry.mostThreads = 1;
      for (int index = 1; index <= 3; index++) {
        if (match[index].matched) entry.mostThreads *= (unsigned)std::stoi(match[index]);
      }
    }
    ptx.entries.push_back(entry);
  }
  return ptx;
}

}  // namespace emulator
