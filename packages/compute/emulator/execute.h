// Runs a kernel's threads on the processor.
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace emulator {

struct Index {
  unsigned x, y, z;
};

/** What a kernel's thread reads of itself. */
extern Index thread, block, blockSize, gridSize;

/** Ends the kernel with a CUresult. */
[[noreturn]] void stop(int result, const char* why);

int lane();
void syncBlock();
int countInBlock(bool predicate);
void syncWarp(unsigned mask);
/** The values of the lanes of a mask; they stay until the next `syncWarp` of all of them. */
const unsigned long long* exchange(unsigned mask, unsigned long long value);

/** An entry of a kernel.cu, or why that does not compile. */
struct Entry {
  const char* name;
  /** Whether its source has barriers, for which threads must be fibers. */
  bool barriers;
  std::vector<size_t> sizes;
  std::vector<bool> pointers;
  void (*call)(void** parameters);
};

template <auto Kernel>
struct Call;
template <class... P, void (*Kernel)(P...)>
struct Call<Kernel> {
  static void call(void** parameters) { spread(parameters, std::index_sequence_for<P...>()); }
  static Entry entry(const char* name, bool barriers) {
    return {name, barriers, {sizeof(P)...}, {std::is_pointer<P>::value...}, call};
  }

 private:
  template <size_t... I>
  static void spread(void** parameters, std::index_sequence<I...>) {
    Kernel(*static_cast<P*>(parameters[I])...);
  }
};

/** Called while the library is loaded. */
bool add(Entry entry);
bool addFailure(const char* kernel, const char* messages);

/** Null where no kernel has it. */
const Entry* findEntry(const std::string& name);
/** What the compiler said of kernels that it refused; empty where there are none. */
const std::string& failures();

struct Result {
  int code;
  std::string why;
};
/** One kernel at a time, whatever the context. */
Result execute(const Entry& entry, Index grid, Index threads, void** parameters);

}  // namespace emulator
