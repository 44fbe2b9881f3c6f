#include "memory.h"
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

namespace emulator {

namespace {

struct Buffer {
  size_t bytes;
  size_t pages;
  size_t pageBytes;
};

constexpr size_t alignment = 16;
constexpr unsigned char untouched = 0xc9;
constexpr unsigned char anything = 0xa7;

std::mutex& lock() {
  static auto* mutex = new std::mutex();
  return *mutex;
}

std::map<size_t, Buffer>& buffers() {
  static auto* map = new std::map<size_t, Buffer>();
  return *map;
}

size_t pageSize() {
  static const size_t size = (size_t)sysconf(_SC_PAGESIZE);
  return size;
}

bool isUntouched(size_t from, size_t to) {
  for (; from < to; from++) {
    if (*reinterpret_cast<unsigned char*>(from) != untouched) return false;
  }
  return true;
}

std::string describeBuffer(const Buffer& buffer) { return "a buffer of " + std::to_string(buffer.bytes) + " bytes"; }

}  // namespace

size_t allocate(size_t bytes) {
  std::lock_guard<std::mutex> guard(lock());
  const size_t page = pageSize();
  const size_t pageBytes = (bytes + page - 1) / page * page;
  void* mapped = mmap(nullptr, pageBytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return 0;
  const size_t pages = reinterpret_cast<size_t>(mapped) + page;
  mprotect(reinterpret_cast<void*>(pages), pageBytes, PROT_READ | PROT_WRITE);
  const size_t address = (pages + pageBytes - bytes) / alignment * alignment;
  memset(reinterpret_cast<void*>(pages), untouched, address - pages);
  memset(reinterpret_cast<void*>(address), anything, bytes);
  memset(reinterpret_cast<void*>(address + bytes), untouched, pages + pageBytes - address - bytes);
  buffers()[address] = {bytes, pages, pageBytes};
  return address;
}

size_t release(size_t address) {
  std::lock_guard<std::mutex> guard(lock());
  const auto found = buffers().find(address);
  if (found == buffers().end()) return 0;
  const size_t bytes = found->second.bytes;
  munmap(reinterpret_cast<void*>(found->second.pages - pageSize()), found->second.pageBytes + 2 * pageSize());
  buffers().erase(found);
  return bytes;
}

bool holds(size_t address, size_t bytes) {
  std::lock_guard<std::mutex> guard(lock());
  auto after = buffers().upper_bound(address);
  if (after == buffers().begin()) return false;
  const auto& [start, buffer] = *--after;
  return address - start <= buffer.bytes && bytes <= buffer.bytes - (address - start);
}

std::string overwritten() {
  std::lock_guard<std::mutex> guard(lock());
  for (const auto& [address, buffer] : buffers()) {
    if (!isUntouched(buffer.pages, address)) return "wrote before the begin of " + describeBuffer(buffer);
    if (!isUntouched(address + buffer.bytes, buffer.pages + buffer.pageBytes)) {
      return "wrote past the end of " + describeBuffer(buffer);
    }
  }
  return "";
}

std::string describeAddress(size_t address) {
  std::lock_guard<std::mutex> guard(lock());
  for (const auto& [start, buffer] : buffers()) {
    const size_t end = start + buffer.bytes;
    if (address >= end && address - end < 2 * pageSize()) {
      return "touched " + std::to_string(address - end) + " bytes past the end of " + describeBuffer(buffer);
    }
    if (address < start && start - address < 2 * pageSize() + buffer.pageBytes - buffer.bytes) {
      return "touched " + std::to_string(start - address) + " bytes before the begin of " + describeBuffer(buffer);
    }
  }
  char text[64];
  snprintf(text, sizeof text, "touched 0x%zx, which is in no buffer", address);
  return text;
}

}  // namespace emulator
