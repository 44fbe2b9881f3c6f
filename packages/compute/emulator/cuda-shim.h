// The part of CUDA C++ that kernels use, for the system's C++ compiler. What is missing here fails to compile: add it.
#pragma once
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include "execute.h"

#define __CUDA_EMULATOR__ 1
#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#if defined(__ELF__)
// In a section of their own, so that they can be overwritten before each block: shared memory begins with any content.
#define __shared__ static __attribute__((section("emulated_shared")))
#else
#define __shared__ static
#endif

using std::isfinite;
using std::isinf;
using std::isnan;
using std::signbit;

#define EMULATE_VECTORS(type, name)                                                                             \
  struct name##1 { type x; };                                                                                   \
  struct alignas(2 * sizeof(type)) name##2 { type x, y; };                                                      \
  struct name##3 { type x, y, z; };                                                                             \
  struct alignas(sizeof(type) < 8 ? 4 * sizeof(type) : 16) name##4 { type x, y, z, w; };                        \
  inline name##1 make_##name##1(type x) { return {x}; }                                                         \
  inline name##2 make_##name##2(type x, type y) { return {x, y}; }                                              \
  inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }                                   \
  inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

EMULATE_VECTORS(signed char, char)
EMULATE_VECTORS(unsigned char, uchar)
EMULATE_VECTORS(short, short)
EMULATE_VECTORS(unsigned short, ushort)
EMULATE_VECTORS(int, int)
EMULATE_VECTORS(unsigned, uint)
EMULATE_VECTORS(long long, longlong)
EMULATE_VECTORS(unsigned long long, ulonglong)
EMULATE_VECTORS(float, float)
EMULATE_VECTORS(double, double)
#undef EMULATE_VECTORS

constexpr int warpSize = 32;
#define threadIdx (emulator::thread)
#define blockIdx (emulator::block)
#define blockDim (emulator::blockSize)
#define gridDim (emulator::gridSize)

// min and max as CUDA has them: for mixed types as C's arithmetic, NaN passed by.
inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
inline unsigned min(int a, unsigned b) { return min((unsigned)a, b); }
inline unsigned max(int a, unsigned b) { return max((unsigned)a, b); }
inline unsigned min(unsigned a, int b) { return min(a, (unsigned)b); }
inline unsigned max(unsigned a, int b) { return max(a, (unsigned)b); }
inline long long min(long long a, long long b) { return a < b ? a : b; }
inline long long max(long long a, long long b) { return a > b ? a : b; }
inline unsigned long long min(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
inline unsigned long long max(unsigned long long a, unsigned long long b) { return a > b ? a : b; }
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

template <class To, class From>
inline To emulatedBits(From value) {
  static_assert(sizeof(To) == sizeof(From), "bits of another size");
  To to;
  memcpy(&to, &value, sizeof to);
  return to;
}
inline unsigned __float_as_uint(float x) { return emulatedBits<unsigned>(x); }
inline int __float_as_int(float x) { return emulatedBits<int>(x); }
inline float __uint_as_float(unsigned x) { return emulatedBits<float>(x); }
inline float __int_as_float(int x) { return emulatedBits<float>(x); }
inline long long __double_as_longlong(double x) { return emulatedBits<long long>(x); }
inline double __longlong_as_double(long long x) { return emulatedBits<double>(x); }
inline int __double2hiint(double x) { return (int)(emulatedBits<unsigned long long>(x) >> 32); }
inline int __double2loint(double x) { return (int)(unsigned)emulatedBits<unsigned long long>(x); }
inline double __hiloint2double(int high, int low) {
  return emulatedBits<double>(((unsigned long long)(unsigned)high << 32) | (unsigned)low);
}

inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned)x); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll((unsigned long long)x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline unsigned __brev(unsigned x) {
  unsigned out = 0;
  for (int bit = 0; bit < 32; bit++) out |= ((x >> bit) & 1u) << (31 - bit);
  return out;
}
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  const unsigned long long bytes = ((unsigned long long)y << 32) | x;
  unsigned out = 0;
  for (int at = 0; at < 4; at++) out |= (unsigned)((bytes >> (8 * ((selector >> (4 * at)) & 7))) & 0xff) << (8 * at);
  return out;
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  const unsigned long long both = ((unsigned long long)high << 32) | low;
  return (unsigned)((both << (shift & 31)) >> 32);
}
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return (unsigned)((((unsigned long long)high << 32) | low) >> (shift & 31));
}

inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline float __saturatef(float x) { return x >= 1.0f ? 1.0f : x > 0.0f ? x : 0.0f; }
inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }

/** A float in an integer of type To, as a card does it: beyond the range its end, NaN 0. */
template <class To, class From>
inline To emulatedInteger(From whole) {
  constexpr To lowest = (To)(To(-1) < To(0) ? To(1) << (8 * sizeof(To) - 1) : 0);
  constexpr To highest = (To)~lowest;
  if (whole != whole) return 0;
  if (whole <= (From)lowest) return lowest;
  return whole >= (From)highest ? highest : (To)whole;
}
inline int __float2int_rn(float x) { return emulatedInteger<int>(rintf(x)); }
inline int __float2int_rz(float x) { return emulatedInteger<int>(truncf(x)); }
inline int __float2int_rd(float x) { return emulatedInteger<int>(floorf(x)); }
inline int __float2int_ru(float x) { return emulatedInteger<int>(ceilf(x)); }
inline unsigned __float2uint_rn(float x) { return emulatedInteger<unsigned>(rintf(x)); }
inline unsigned __float2uint_rz(float x) { return emulatedInteger<unsigned>(truncf(x)); }
inline unsigned __float2uint_rd(float x) { return emulatedInteger<unsigned>(floorf(x)); }
inline unsigned __float2uint_ru(float x) { return emulatedInteger<unsigned>(ceilf(x)); }
inline int __double2int_rn(double x) { return emulatedInteger<int>(rint(x)); }
inline int __double2int_rz(double x) { return emulatedInteger<int>(trunc(x)); }
inline unsigned __double2uint_rz(double x) { return emulatedInteger<unsigned>(trunc(x)); }
inline long long __double2ll_rn(double x) { return emulatedInteger<long long>(rint(x)); }
inline long long __double2ll_rz(double x) { return emulatedInteger<long long>(trunc(x)); }
inline float __int2float_rn(int x) { return (float)x; }
inline float __uint2float_rn(unsigned x) { return (float)x; }
inline float __double2float_rn(double x) { return (float)x; }

template <class T>
inline T __ldg(const T* at) {
  return *at;
}
inline void __threadfence() {}
inline void __threadfence_block() {}
[[noreturn]] inline void __trap() { emulator::stop(719, "__trap()"); }
#undef assert
#define assert(condition) ((condition) ? (void)0 : emulator::stop(710, "assert(" #condition ")"))

// One thread runs at a time, and changes only at a barrier: plain reads and writes are atomic.
#define EMULATE_ATOMIC(name, type, next)         \
  inline type name(type* at, type value) {       \
    const type old = *at;                        \
    *at = (type)(next);                          \
    return old;                                  \
  }
#define EMULATE_ATOMICS(type)                        \
  EMULATE_ATOMIC(atomicExch, type, value)            \
  EMULATE_ATOMIC(atomicMin, type, min(old, value))   \
  EMULATE_ATOMIC(atomicMax, type, max(old, value))   \
  EMULATE_ATOMIC(atomicAnd, type, old & value)       \
  EMULATE_ATOMIC(atomicOr, type, old | value)        \
  EMULATE_ATOMIC(atomicXor, type, old ^ value)       \
  inline type atomicCAS(type* at, type compare, type value) { \
    const type old = *at;                            \
    if (old == compare) *at = value;                 \
    return old;                                      \
  }
EMULATE_ATOMICS(int)
EMULATE_ATOMICS(unsigned)
EMULATE_ATOMICS(unsigned long long)
EMULATE_ATOMIC(atomicAdd, int, (unsigned)old + (unsigned)value)
EMULATE_ATOMIC(atomicAdd, unsigned, old + value)
EMULATE_ATOMIC(atomicAdd, unsigned long long, old + value)
EMULATE_ATOMIC(atomicAdd, float, old + value)
EMULATE_ATOMIC(atomicAdd, double, old + value)
EMULATE_ATOMIC(atomicSub, int, (unsigned)old - (unsigned)value)
EMULATE_ATOMIC(atomicSub, unsigned, old - value)
EMULATE_ATOMIC(atomicExch, float, value)
EMULATE_ATOMIC(atomicInc, unsigned, old >= value ? 0 : old + 1)
EMULATE_ATOMIC(atomicDec, unsigned, old == 0 || old > value ? value : old - 1)
#undef EMULATE_ATOMICS
#undef EMULATE_ATOMIC

constexpr unsigned emulatedFullMask = 0xffffffffu;
inline void __syncthreads() { emulator::syncBlock(); }
inline void __syncwarp(unsigned mask = emulatedFullMask) { emulator::syncWarp(mask); }
inline int __syncthreads_count(int predicate) { return emulator::countInBlock(predicate != 0); }
inline int __syncthreads_or(int predicate) { return __syncthreads_count(predicate) > 0; }
inline int __syncthreads_and(int predicate) { return __syncthreads_count(predicate == 0) == 0; }

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  const unsigned long long* values = emulator::exchange(mask, predicate != 0);
  unsigned out = 0;
  for (int lane = 0; lane < 32; lane++) {
    if ((mask >> lane) & 1u) out |= (unsigned)values[lane] << lane;
  }
  emulator::syncWarp(mask);
  return out;
}
inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }

template <class T>
inline T emulatedShuffle(unsigned mask, T value, int from) {
  static_assert(sizeof(T) <= 8, "a lane gives 8 bytes at most");
  unsigned long long bits = 0;
  memcpy(&bits, &value, sizeof value);
  const unsigned long long* values = emulator::exchange(mask, bits);
  if (!((mask >> from) & 1u)) emulator::stop(719, "a shuffle reads a lane that is not in its mask");
  T out;
  memcpy(&out, &values[from], sizeof out);
  emulator::syncWarp(mask);
  return out;
}
template <class T>
inline T __shfl_sync(unsigned mask, T value, int from, int width = 32) {
  const int lane = emulator::lane();
  return emulatedShuffle(mask, value, (lane & ~(width - 1)) | (from & (width - 1)));
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32) {
  const int lane = emulator::lane();
  const int from = lane - (int)by;
  return emulatedShuffle(mask, value, from < (lane & ~(width - 1)) ? lane : from);
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32) {
  const int lane = emulator::lane();
  const int from = lane + (int)by;
  return emulatedShuffle(mask, value, from > (lane | (width - 1)) ? lane : from);
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int with, int width = 32) {
  const int lane = emulator::lane();
  const int from = lane ^ with;
  return emulatedShuffle(mask, value, from > (lane | (width - 1)) ? lane : from);
}
template <class T>
inline unsigned __match_any_sync(unsigned mask, T value) {
  unsigned long long bits = 0;
  memcpy(&bits, &value, sizeof value);
  const unsigned long long* values = emulator::exchange(mask, bits);
  unsigned out = 0;
  for (int lane = 0; lane < 32; lane++) {
    if (((mask >> lane) & 1u) && values[lane] == bits) out |= 1u << lane;
  }
  emulator::syncWarp(mask);
  return out;
}
